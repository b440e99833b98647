import type { Blocker } from '#contract/errors.ts';
import { type ScopeRef, scopeLabel } from '#contract/scope.ts';
import type { Refusal } from '../refusal.ts';
import { isVisibleFrom, type ScopedRow } from '../scopes.ts';

/** A category as the rules look at it. */
export interface CategoryFacts extends ScopedRow {
  id: number;
  name: string;
}

/** The categories that every database has keep these numbers: docs/domain.md, "Reference data". */
const lastReferenceId = 8;

/**
 * Whether a category may get a name at a scope: it must be free there and above
 * (docs/domain.md, "Role categories").
 * @param ownId the category that is being renamed; it does not stand in its own way
 */
export function findCategoryNameClash(
  namesakes: readonly CategoryFacts[],
  at: ScopeRef,
  ownId?: number,
): Refusal | undefined {
  const clash = namesakes.find((other) => other.id !== ownId && isVisibleFrom(other, at));
  return (
    clash && {
      code: 'UnicityViolation',
      reason: `The ${scopeLabel[clash.scope]} scope has a role category named "${clash.name}" already. Use that one, or choose another name.`,
    }
  );
}

/** Why a category cannot be deleted: it is reference data, or live roles are in it. */
export function findCategoryDeletionRefusal(
  category: CategoryFacts,
  roles: number,
): Refusal | undefined {
  if (category.id <= lastReferenceId)
    return {
      code: 'UnacceptableState',
      reason: `Role category "${category.name}" is one of the eight that clients know by their numbers, and cannot be deleted.`,
    };
  if (roles === 0) return undefined;
  return {
    code: 'ObjectInUse',
    reason: `Role category "${category.name}" has ${roles === 1 ? 'a role' : `${roles} roles`}. Give them another category first.`,
  };
}

/** The roles of a category that the caller may see, by name, and the rest as a count. */
export function toRoleBlockers(seen: readonly CategoryFacts[], total: number): Blocker[] {
  const rest = total - seen.length;
  return [
    ...seen.map(({ id, name, scope }) => ({ type: 'role' as const, id, name, scope })),
    ...(rest > 0 ? [{ type: 'hidden' as const, count: rest }] : []),
  ];
}
