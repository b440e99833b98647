import { MoveToNewImage } from '../../components/rollouts/MoveToNewImage.tsx';
import type { PathScope } from '../../util/paths.ts';

import { filtersOf } from './usage-search.ts';
import type { UsageSearch } from './usage-search.ts';

/** What the filters of the page leave, where a rollout can be asked for exactly that. */
function movedOf(state: UsageSearch) {
  const { farm: _farm, image: _image, imageSet: _set, owner: _owner, ...others } = filtersOf(state);
  const { farm, image, imageSet, owner } = state;
  const named = [farm, image, imageSet, owner].filter((value) => value !== undefined);
  const isMore = Object.values(others).some((value) => value !== undefined && value !== '');
  if (isMore || named.length > 1) return undefined;
  if (farm !== undefined) return { farm: { id: farm } };
  if (owner !== undefined) return { owner: { id: owner } };
  if (image !== undefined) return { image: { id: image } };
  return imageSet === undefined ? {} : { imageSet: { id: imageSet } };
}

/** Moves what the rows show, where no other filter leaves less. */
export function MoveRows({ at, state }: { at: PathScope; state: UsageSearch }) {
  const what = movedOf(state);
  return what === undefined ? null : <MoveToNewImage at={at} what={what} />;
}
