import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Image } from '#contract/images/images.ts';

import { imageSetListQuery } from '../../api/image-sets.ts';
import { imageListQuery } from '../../api/images.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { DownloadCsv } from '../../components/DownloadCsv.tsx';
import { locationWords } from '../../components/flows/flow-names.ts';
import { BulkActions } from '../../components/objects/BulkActions.tsx';
import { actionItems } from '../../components/objects/object-actions.tsx';
import { ObjectDialogs } from '../../components/objects/ObjectDialogs.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useRowSelection } from '../../hooks/use-row-selection.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { useUrlState } from '../../hooks/use-url-state.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { queryClient } from '../../query-client.ts';
import { lazyPart } from '../../util/lazy-part.ts';
import { scopePath } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { placeName } from '../../util/places.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';

import { imageKind } from './image-actions.ts';
import { imageColumns } from './image-columns.tsx';
import { imageFields, listInputOf, useImageList } from './image-filters.ts';
import { ImageViews } from './ImageViews.tsx';
import { registerAction } from './register-action.ts';
import { sortOfVersions, versionInputOf } from './version-filters.ts';
import { VersionList } from './VersionList.tsx';

const rowKey = (image: Image) => image.id;
const rowLabel = (image: Image) => image.name;
const rowDetails = (image: Image) => [
  locationWords(image),
  image.architecture,
  placeName(image),
  image.cloudImageId,
];

/** `fcos-44-1 (us-east-1, x86_64)`: images of a set have the same name. */
function placed(image: Image): string {
  const place = [image.cloudLocation, image.architecture].filter((part) => part !== '').join(', ');
  return `${image.name} (${place})`;
}

const ImagesThen = lazyPart(async () => (await import('./ImagesThen.tsx')).ImagesThen);

/** Starts reading the list before the page is there; the page shows skeletons until it came. */
export const loader = scopedLoader((at, search) => {
  const view = search.get('view');
  if (view === 'then') ImagesThen.fetchAhead();
  else if (view === 'images')
    void queryClient.prefetchQuery(imageListQuery(at, listInputOf(search)));
  else void queryClient.prefetchQuery(imageSetListQuery(at, versionInputOf(search)));
  void queryClient.prefetchQuery(scopeQuery(at));
});

const fields = { view: imageFields.view };

/** The versions or the images of a scope, its own and those it inherits. */
export function Component() {
  const at = useScope();
  const [{ view }] = useUrlState(fields);
  const List = view === 'images' ? ImageList : view === 'then' ? ImagesThen : VersionList;
  return <List key={scopePath(at)} at={at} />;
}

function ImageList({ at }: { at: PathScope }) {
  const { open } = useDialog(Object.keys(imageKind.actions));
  const scope = useQuery(scopeQuery(at)).data;
  const listing = useImageList(at);
  const selection = useRowSelection(listing.list.data?.data);
  const columns = useMemo(() => imageColumns(at), [at]);
  return (
    <>
      <ListPage
        {...{ at, listing, columns, rowKey, rowLabel, rowDetails }}
        noun="image"
        create={registerAction(at, scope)}
        hint="Register the machine image that servers here should start from."
        inheritedOnce="registered"
        end={(chooser) => (
          <ImageViews
            value="images"
            onChange={(view) =>
              listing.patch({ view, imageSet: '', sort: sortOfVersions(listing.state.sort) })
            }
          >
            <DownloadCsv href={listing.csv} file="slipway-images.csv" />
            {chooser}
          </ImageViews>
        )}
        selection={selection.forTable}
        actions={(image) => actionItems(imageKind, at, image, (dialog) => open(dialog, image.id))}
      />
      <BulkActions
        kind={imageKind}
        at={at}
        objects={selection.rows}
        nameOf={placed}
        onClear={selection.clear}
      />
      <ObjectDialogs kind={imageKind} at={at} />
    </>
  );
}
