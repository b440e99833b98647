import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { CloudImage, CloudImageReference } from '#contract/inventory/cloud-images.ts';

import { cloudImageReferencesQuery } from '../../api/cloud-images.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { noChanges } from '../../components/as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../../components/dialogs/Dialog.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Notice } from '../../components/Notice.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { kindWords, labelOf } from './cloud-image-words.ts';

const keyOf = ({ id }: CloudImageReference) => id;
const nameOf = ({ name }: CloudImageReference) => name;

/** The page of a Role or a farm; what is in a cloud has none here. */
function addressOf(at: PathScope, { kind, object }: CloudImageReference): string | undefined {
  if (object === null) return undefined;
  const home: PathScope =
    object.envId === null ? at : { scope: 'environment', environmentId: object.envId };
  return kind === 'role' ? paths.role(home, object.id) : paths.farm(home, object.id);
}

function columnsFor(at: PathScope): readonly Column<CloudImageReference>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      isName: true,
      cell: (row) => {
        const to = addressOf(at, row);
        return to === undefined ? row.name : <Link to={to}>{row.name}</Link>;
      },
      note: ({ words }) => words,
    },
    { id: 'kind', header: 'Kind', width: '6rem', cell: ({ kind }) => kindWords[kind] },
    {
      id: 'where',
      header: 'Where',
      width: '10rem',
      cell: ({ cloudLocation, credentials }) =>
        credentials === null ? 'Slipway' : cloudLocation || 'everywhere',
      note: ({ credentials }) => credentials?.name ?? '',
    },
  ];
}

/** Everything that refers to a found image, each with the way it does. */
export function References({ at, object: image, onClose }: ObjectDialogProps<CloudImage>) {
  const list = useQuery(cloudImageReferencesQuery(at, image.id));
  const { verdict, words, hidden } = image.use;
  const rest = (list.data?.pagination?.total ?? 0) - (list.data?.data.length ?? 0);
  return (
    <Dialog title={`What uses ${labelOf(image)}`} onClose={onClose} size="lg">
      <DialogBody>
        {verdict === 'unknown' ? <Notice tone="warning">{words}</Notice> : <p>{words}</p>}
        {hidden > 0 && (
          <p>
            {formatQuantity(hidden, 'use')} of it {hidden === 1 ? 'is' : 'are'} at a scope that you
            do not see from here.
          </p>
        )}
        {list.error !== null && (
          <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
        )}
        {(list.data?.data.length ?? 0) > 0 && (
          <DataTable
            label="What uses it"
            columns={columnsFor(at)}
            rows={list.data?.data}
            rowKey={keyOf}
            rowLabel={nameOf}
            empty={null}
          />
        )}
        {rest > 0 && <p>And {rest} more.</p>}
        <DialogActions changes={noChanges}>
          <ActionButton variant="filled" onClick={onClose}>
            Done
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}
