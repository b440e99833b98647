import { useQuery } from '@tanstack/react-query';
import { rolePermissions } from '#contract/permissions.ts';
import type { Replacement } from '#contract/replacements/replacements.ts';

import { sessionQuery } from '../../api/session.ts';
import { grantAt } from '../../util/grants.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';

/** Whether a replacement was made at the scope that one looks from: only there it can be changed. */
export function isOwnScope(at: PathScope, replacement: Replacement): boolean {
  return JSON.stringify(scopeOfPlace(replacement)) === JSON.stringify(at);
}

/** Why the user may not change or give up a plan: its author may, and who may replace at its scope. */
export function useReasonAgainstChange(
  at: PathScope,
  replacement: Replacement,
): string | undefined {
  const { data: session } = useQuery(sessionQuery);
  if (!isOwnScope(at, replacement)) return 'This plan can only be changed at its own scope.';
  if (session?.user.email === replacement.planned?.by) return undefined;
  const grant = grantAt(session?.grants ?? [], replacement);
  const may = grant !== undefined && rolePermissions[grant.role].includes('replace');
  return may
    ? undefined
    : 'Only its author, and who may replace images at its scope, may change this plan.';
}
