import type { PlanDifference } from '#contract/plans.ts';

/** What is new since a plan was shown or made, and what is gone. */
export function Difference({ added, gone }: PlanDifference) {
  const lines = [
    ...added.map((item) => ({ ...item, now: 'New' })),
    ...gone.map((item) => ({ ...item, now: 'No longer' })),
  ];
  if (lines.length === 0) return null;
  return (
    <ul aria-label="What is different now">
      {lines.map(({ type, id, name, what, other, now }) => (
        <li key={`${now} ${type} ${id} ${what} ${other?.id}`}>
          {now}: {type} {name} {what} {other?.name}
        </li>
      ))}
    </ul>
  );
}
