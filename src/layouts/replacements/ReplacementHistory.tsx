import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Replacement } from '#contract/replacements/replacements.ts';

import { replacementListQuery } from '../../api/replacements.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ReplacementState } from '../../components/objects/ReplacementState.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { listedStates, replacedWords } from '../../components/flows/replaced-words.ts';

import { DetailSection } from '../DetailLayout.tsx';

const shown = 10;

interface ReplacementHistoryProps {
  at: PathScope;
  /** What they are to concern, as the list takes it. */
  of: { imageSet?: number; role?: number; farm?: number; image?: string };
}

/** The latest replacements that concern an object, plans too. */
export function replacementHistoryQuery(
  at: PathScope,
  { imageSet, role, farm, image }: ReplacementHistoryProps['of'],
) {
  return replacementListQuery(at, {
    imageSet: imageSet?.toString(),
    role: role?.toString(),
    farm: farm?.toString(),
    image,
    state: [...listedStates],
    sort: '-at',
    maxResults: shown,
    include: ['total'],
  });
}

/** The latest replacements that concern an object, plans too; nothing where there are none. */
export function ReplacementHistory({ at, of }: ReplacementHistoryProps) {
  const { data, error, refetch } = useQuery(replacementHistoryQuery(at, of));
  const rows = data?.data ?? [];
  if (error === null && rows.length === 0) return null;
  const total = data?.pagination?.total ?? rows.length;
  return (
    <DetailSection title="Replacements">
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      <DataTable
        label="Replacements"
        columns={columnsAt(at)}
        rows={rows}
        rowKey={rowKey}
        rowLabel={replacedWords}
      />
      {total > rows.length && (
        <p>
          <Link to={paths.replacements(at, of)}>Show all {total} replacements</Link>
        </p>
      )}
    </DetailSection>
  );
}

const rowKey = ({ id }: Replacement) => id;

function columnsAt(at: PathScope): readonly Column<Replacement>[] {
  return [
    {
      id: 'what',
      header: 'What',
      isName: true,
      cell: (row) => <Link to={paths.replacement(at, row.id)}>{replacedWords(row)}</Link>,
    },
    {
      id: 'state',
      header: 'State',
      width: '8rem',
      cell: (row) => <ReplacementState replacement={row} />,
    },
    {
      id: 'at',
      header: 'When',
      width: '5rem',
      cell: (row) => <RelativeTime isShort at={row.at} />,
    },
  ];
}
