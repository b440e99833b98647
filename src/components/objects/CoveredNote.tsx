import type { Plan } from '#contract/plans.ts';

import { formatQuantity } from '../../util/format.ts';

const named = 3;

interface CoveredNoteProps {
  plan: Plan | undefined;
  /** The ids of the images that the deprecation itself is about, where the plan lists them too. */
  own?: readonly string[];
}

/** How many registrations of the same cloud image further down a deprecation covers; nothing where none. */
export function CoveredNote({ plan, own = [] }: CoveredNoteProps) {
  const covered =
    plan?.items.filter(({ type, id }) => type === 'image' && !own.includes(String(id))) ?? [];
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
