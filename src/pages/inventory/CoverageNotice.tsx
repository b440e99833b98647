import { useQuery } from '@tanstack/react-query';
import type { Coverage } from '#contract/inventory/cloud-images.ts';

import { coverageQuery } from '../../api/cloud-images.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { noChanges } from '../../components/as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../../components/dialogs/Dialog.tsx';
import { Notice } from '../../components/Notice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';

const keyOf = ({ id }: Coverage) => id;
const placeOf = ({ credentials, cloudLocation }: Coverage) =>
  cloudLocation === null
    ? credentials.name
    : `${cloudLocation || 'everywhere'}, ${credentials.name}`;

/** What is not read of a place, in a sentence each. */
function problemsOf({ error, read, unread, unresolved, isWhole }: Coverage): string {
  if (error !== null) return error;
  const words = [
    ...unread.map((part) => `${part.part}: ${part.words}`),
    ...unresolved.map((one) => one.words),
  ];
  if (words.length > 0) return words.join('; ');
  if (read === null) return 'Not read yet';
  return isWhole ? 'Everything was read' : 'Not read for a day';
}

const columns: readonly Column<Coverage>[] = [
  {
    id: 'place',
    header: 'Place',
    isName: true,
    cell: placeOf,
    note: ({ account }) => account ?? '',
  },
  { id: 'read', header: 'Read', width: '9rem', cell: ({ read }) => <RelativeTime at={read} /> },
  { id: 'problems', header: 'What the cloud says', cell: problemsOf },
];

/** Whether everything within reach was read, which decides whether anything can be said to be unused. */
export function CoverageNotice({ at, onOpen }: { at: PathScope; onOpen: () => void }) {
  const { data } = useQuery(coverageQuery(at));
  const places = data?.data ?? [];
  const failing = places.filter(({ isWhole }) => !isWhole);
  const show = (
    <ActionButton variant="subtle" onClick={onOpen}>
      Show what was read
    </ActionButton>
  );
  if (places.length === 0) return null;
  if (failing.length === 0) {
    return (
      <p>
        Everything was read, in {formatQuantity(places.length, 'place')}. {show}
      </p>
    );
  }
  return (
    <Notice tone="warning">
      {formatQuantity(failing.length, 'place')} of {places.length} could not be read whole, so that
      nothing there or elsewhere can be said to be unused. {show}
    </Notice>
  );
}

/** Each place, when it was read, and what failed. */
export function CoverageDialog({ at, onClose }: { at: PathScope; onClose: () => void }) {
  const { data } = useQuery(coverageQuery(at));
  return (
    <Dialog title="What was read" onClose={onClose} size="lg">
      <DialogBody>
        <DataTable
          label="Places"
          columns={columns}
          rows={data?.data}
          rowKey={keyOf}
          rowLabel={placeOf}
          empty="No place can be read yet: there are no cloud credentials."
        />
        <DialogActions changes={noChanges}>
          <ActionButton variant="filled" onClick={onClose}>
            Done
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}
