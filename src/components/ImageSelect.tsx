import { useQuery } from '@tanstack/react-query';
import { scopeLabel } from '#contract/scope.ts';

import { imageListQuery, imageQuery } from '../api/images.ts';
import type { ImageListInput } from '../api/images.ts';
import type { PathScope } from '../util/paths.ts';

import { locationWords } from './flows/flow-names.ts';
import { ObjectSelect, offered, useSearchText } from './ObjectSelect.tsx';
import type { ObjectFieldProps } from './ObjectSelect.tsx';

interface ImageSelectProps extends ObjectFieldProps<string> {
  at: PathScope;
  /** Which images to offer. */
  filter: ImageListInput;
}

/** Chooses an image of those that a scope sees, newest first, by name or cloud image id. */
export function ImageSelect({ at, filter, ...field }: ImageSelectProps) {
  const { value } = field;
  const search = useSearchText();
  const chosen = useQuery({ ...imageQuery(at, value ?? ''), enabled: value !== undefined }).data;
  const query = search.queryBeside(chosen);
  const found = useQuery(
    imageListQuery(at, { ...filter, query, sort: '-added', maxResults: offered }),
  );
  return (
    <ObjectSelect
      {...field}
      {...{ search, chosen, found }}
      noun="image"
      placeholder="Name or cloud image ID"
      renderFacts={(image) => (
        <>
          {filter.cloudPlatform === undefined && `${locationWords(image)} · `}
          {image.architecture} · {scopeLabel[image.scope]} · {image.cloudImageId}
        </>
      )}
    />
  );
}
