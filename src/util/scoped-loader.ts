import type { LoaderFunction, Params } from 'react-router';

import { withoutBase } from './base-path.ts';
import { scopeOfPath } from './paths.ts';
import type { PathScope } from './paths.ts';

/**
 * The loader of a page under a scope: starts reading what the page shows before the page is there.
 * @param start may answer a promise, for a page that is not shown before
 */
export function scopedLoader(
  start: (at: PathScope, search: URLSearchParams, params: Params) => void | Promise<unknown>,
): LoaderFunction {
  return ({ request, params }) => {
    const { pathname, searchParams } = new URL(request.url);
    const at = scopeOfPath(withoutBase(pathname));
    const waiting = at === undefined ? undefined : start(at, searchParams, params);
    // Not async: the list of images is rendered at once, in the same moment.
    return waiting?.then(() => null) ?? null;
  };
}
