import type { OwnerContact } from '#contract/farms/owner-contacts.ts';

import { RelativeTime } from '../RelativeTime.tsx';
import type { Column } from '../table/table.ts';
import { formatCount } from '../../util/format.ts';

export const contactKey = ({ id }: OwnerContact) => String(id);
export const contactLabel = ({ owner }: OwnerContact) => owner.name;

/** Where it stands with an owner, in words. */
function State({ contact }: { contact: OwnerContact }) {
  const { state, at, until, words } = contact;
  const said = words === null ? '' : `: ${words}`;
  if (state === 'not_contacted') return 'Not contacted';
  if (state === 'asked') return `Asked until ${until}`;
  if (state === 'failed') return <span title={words ?? undefined}>Failed{said}</span>;
  if (state === 'sending') return <span title={words ?? undefined}>Being sent{said}</span>;
  if (state === 'done') return 'Done: nothing old any more';
  return (
    <>
      Sent <RelativeTime at={at} />
    </>
  );
}

/** Owners as the list of contacts shows them. */
export const contactColumns: Column<OwnerContact>[] = [
  {
    id: 'owner',
    header: 'Owner',
    isName: true,
    cell: ({ owner }) => owner.name,
    note: ({ owner }) => owner.email,
  },
  { id: 'state', header: 'State', cell: (contact) => <State contact={contact} /> },
  {
    id: 'farms',
    header: 'Farms',
    align: 'end',
    width: '5rem',
    cell: ({ farms }) => formatCount(farms),
  },
  {
    id: 'servers',
    header: 'Old servers',
    align: 'end',
    width: '7rem',
    cell: ({ servers }) => formatCount(servers),
  },
];
