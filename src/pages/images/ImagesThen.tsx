import { useMemo, useState } from 'react';
import type { Image } from '#contract/images/images.ts';

import { imageListQuery } from '../../api/images.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { ThenNotice } from '../../components/then/ThenNotice.tsx';
import { momentParam, yesterday } from '../../components/then/moments.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { listParams, pageOf } from '../../util/search-params.ts';
import type { PathScope } from '../../util/paths.ts';

import { imageColumns } from './image-columns.tsx';
import { conditionsOf, imageFields, searchWords, useImageFilters } from './image-filters.ts';
import { ImageViews } from './ImageViews.tsx';

const search = {
  ...imageFields,
  at: momentParam(),
  ...listParams(['name', 'cloudLocation', 'os', 'added'], '-added'),
};
/** What images are used for now says nothing of then. */
const ofNow = new Set(['roles', 'servers', 'lastUsed']);

const rowKey = (image: Image) => image.id;
const rowLabel = (image: Image) => image.name;

/** The images that were at a scope at a moment, as they were; nothing can be done to them. */
export function ImagesThen({ at }: { at: PathScope }) {
  const [usual] = useState(yesterday);
  const base = useList(search, (state) =>
    imageListQuery(at, {
      ...conditionsOf({ ...state, inUse: undefined }),
      sort: state.sort,
      ...pageOf(state),
      at: state.at ?? usual,
      include: ['total'],
    }),
  );
  const { state, patch } = base;
  const filters = useImageFilters(at, state, patch).filter(({ id }) => id !== 'inUse');
  const listing = useListing(base, filters, searchWords);
  const columns = useMemo(() => imageColumns(at).filter(({ id }) => !ofNow.has(id)), [at]);
  return (
    <>
      <ThenNotice
        what="images"
        moment={state.at ?? usual}
        onChange={(moment) => patch({ at: moment, cursor: '' }, { replace: true })}
        onBack={() => patch({ view: '', at: '', cursor: '' })}
      />
      <ListPage
        {...{ at, listing, columns, rowKey, rowLabel }}
        title="Images"
        noun="image"
        hint="There were none at this moment."
        end={(chooser) => (
          <ImageViews value="then" onChange={(view) => patch({ view, at: '', cursor: '' })}>
            {chooser}
          </ImageViews>
        )}
      />
    </>
  );
}
