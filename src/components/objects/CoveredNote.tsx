import type { Plan } from '#contract/plans.ts';

import { formatQuantity } from '../../util/format.ts';

const named = 3;

/** How many registrations of the same cloud image further down a deprecation covers; nothing where none. */
export function CoveredNote({ plan }: { plan: Plan | undefined }) {
  const covered = plan?.items.filter((item) => item.type === 'image') ?? [];
  if (covered.length === 0) return null;
  const names = covered.slice(0, named).map(({ name }) => name);
  const more = covered.length > named ? ` and ${covered.length - named} more` : '';
  return (
    <p>
      It covers {formatQuantity(covered.length, 'registration')} of the same cloud image further
      down as well: {names.join(', ')}
      {more}.
    </p>
  );
}
