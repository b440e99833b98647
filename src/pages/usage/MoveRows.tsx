import { MoveToNewImage } from '../../components/flows/MoveToNewImage.tsx';
import type { PathScope } from '../../util/paths.ts';

import { filtersOf } from './usage-search.ts';
import type { UsageSearch } from './usage-search.ts';

/** What the filters of the page leave, where a rollout can be asked for exactly that. */
function movedOf(state: UsageSearch) {
  const { farm: _farm, image: _image, imageSet: _set, ...others } = filtersOf(state);
  const { farm, image, imageSet } = state;
  const named = [farm, image, imageSet].filter((value) => value !== undefined);
  const isMore = Object.values(others).some((value) => value !== undefined && value !== '');
  if (isMore || named.length > 1) return undefined;
  if (farm !== undefined) return { farm: { id: farm } };
  if (image !== undefined) return { image: { id: image } };
  return imageSet === undefined ? {} : { imageSet: { id: imageSet } };
}

/** Moves what the rows show, where no other filter leaves less. */
export function MoveRows({ at, state }: { at: PathScope; state: UsageSearch }) {
  const what = movedOf(state);
  return what === undefined ? null : <MoveToNewImage at={at} what={what} />;
}
