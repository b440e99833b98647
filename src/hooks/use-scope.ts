import { useLocation } from 'react-router';

import { scopeOfPath } from '../util/paths.ts';
import type { PathScope } from '../util/paths.ts';

/** The scope that the address names. For pages under a scope: elsewhere it throws. */
export function useScope(): PathScope {
  const scope = useOptionalScope();
  if (scope === undefined) throw new Error('This page has no scope in its address.');
  return scope;
}

/** As useScope, for what is also shown where there is no scope. */
export function useOptionalScope(): PathScope | undefined {
  const { pathname } = useLocation();
  return scopeOfPath(pathname);
}
