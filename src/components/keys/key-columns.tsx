import type { ApiKey } from '#contract/people/api-keys.ts';

import { useNow } from '../../hooks/use-now.ts';
import { CopyableId } from '../CopyableId.tsx';
import { PlaceBadge } from '../PlaceBadge.tsx';
import { RelativeTime } from '../RelativeTime.tsx';
import type { Column } from '../table/table.ts';

/** Whether a key signs, and why not. */
function KeyState({ active, expires }: ApiKey) {
  const now = useNow();
  if (!active) return <span className="dim">Disabled</span>;
  if (expires === null) return 'Active';
  return new Date(expires) <= now ? (
    <span className="dim">Expired</span>
  ) : (
    <>
      Active, ends <RelativeTime at={expires} />
    </>
  );
}

/** What tables of API keys show beside names. */
export const keyColumns: readonly Column<ApiKey>[] = [
  {
    id: 'id',
    header: 'Key ID',
    width: '12rem',
    cell: (key) => <CopyableId id={key.id} what="key ID" length={20} />,
  },
  { id: 'state', header: 'State', width: '8rem', cell: (key) => <KeyState {...key} /> },
  {
    id: 'reach',
    header: 'Reaches',
    width: '9rem',
    cell: (key) => (
      <>
        {key.scope === 'scalr' ? 'All that its user does' : <PlaceBadge place={key} />}
        {key.readOnly && <span className="dim"> to read</span>}
      </>
    ),
  },
  {
    id: 'lastUsed',
    header: 'Last used',
    width: '9rem',
    cell: (key) => (
      <>
        <RelativeTime at={key.lastUsed} />
        {key.lastUsedFrom !== null && <span className="dim small"> from {key.lastUsedFrom}</span>}
      </>
    ),
  },
];
