import type { PlanDifference, PlanItem } from '#contract/plans.ts';

/** What an item says, by ids: names make no difference. */
export const keyOf = ({ type, id, what, other }: PlanItem): string =>
  `${type} ${id} ${what}${other ? ` ${other.id}` : ''}`;

/** The items of a plan in an order that depends on nothing but the items. */
export function inPlanOrder(items: readonly PlanItem[]): PlanItem[] {
  return [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/**
 * How a plan differs from the one that was shown. An object that fares otherwise now is both gone and
 * added; a name alone makes no difference (docs/domain.md, "Acting on what was shown").
 * @returns undefined where they say the same
 */
export function findDifference(
  shown: readonly PlanItem[],
  now: readonly PlanItem[],
): PlanDifference | undefined {
  const without = (items: readonly PlanItem[], others: readonly PlanItem[]) => {
    const known = new Set(others.map(keyOf));
    return items.filter((item) => !known.has(keyOf(item)));
  };
  const difference = { added: without(now, shown), gone: without(shown, now) };
  return difference.added.length + difference.gone.length > 0 ? difference : undefined;
}
