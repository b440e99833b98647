import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';

import { scopeQuery } from '../../api/scopes.ts';
import { DownloadCsv } from '../../components/DownloadCsv.tsx';
import { placesOf } from '../../components/PlaceDots.tsx';
import { actionItems } from '../../components/objects/object-actions.tsx';
import { ObjectDialogs } from '../../components/objects/ObjectDialogs.tsx';
import { imageSetActions, imageSetKind } from '../../components/versions/image-set-actions.ts';
import { imageSetQuery } from '../../api/image-sets.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { ask } from '../../query-client.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import type { PathScope } from '../../util/paths.ts';

import { ImageViews } from './ImageViews.tsx';
import { registerAction } from './register-action.ts';
import { versionColumns } from './version-columns.tsx';
import { useVersionList } from './version-filters.ts';

const kind = imageSetKind((at, set) => ask(imageSetQuery(at, String(set.id))));
const rowKey = (set: ImageSet) => String(set.id);
const rowLabel = (set: ImageSet) => set.name;

/** The versions that a scope sees: each once, with its places. */
export function VersionList({ at }: { at: PathScope }) {
  const { open } = useDialog(Object.keys(imageSetActions));
  const scope = useQuery(scopeQuery(at)).data;
  const listing = useVersionList(at);
  const sets = listing.list.data?.data;
  const columns = useMemo(() => versionColumns(at, placesOf(sets ?? [])), [at, sets]);
  return (
    <>
      <ListPage
        {...{ at, listing, columns, rowKey, rowLabel }}
        title="Images"
        help="version"
        noun="version"
        create={registerAction(at, scope)}
        hint="Images of one name and OS are one version, wherever they stand. Register the first image, and its version shows here."
        inheritedOnce="registered"
        end={(chooser) => (
          <ImageViews value="" onChange={(view) => listing.patch({ view, newest: '' })}>
            <DownloadCsv href={listing.csv} file="slipway-image-sets.csv" />
            {chooser}
          </ImageViews>
        )}
        actions={(set) => actionItems(kind, at, set, (dialog) => open(dialog, set.id))}
      />
      <ObjectDialogs kind={kind} at={at} />
    </>
  );
}
