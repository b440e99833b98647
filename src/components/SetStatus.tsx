import type { ImageSet } from '#contract/image-sets/image-sets.ts';

import { StatusBadge } from './StatusBadge.tsx';

/** The state of a set in a word, and how many of its images it is the state of where not all share it. */
export function SetStatus({ set: { images } }: { set: Pick<ImageSet, 'images'> }) {
  const { total, deprecated, failed, unsettled } = images;
  const of = (count: number, word: string) =>
    count === total ? undefined : `${count} of ${total} ${word}`;
  if (failed > 0) return badge('failed', of(failed, 'failed'));
  if (unsettled > 0) return badge('copying', `${unsettled} of ${total} on their way`);
  if (deprecated > 0) return badge('deprecated', of(deprecated, 'deprecated'));
  return badge('active', undefined);
}

function badge(state: 'failed' | 'copying' | 'deprecated' | 'active', word: string | undefined) {
  return <StatusBadge state={state} {...(word === undefined ? {} : { word })} />;
}
