import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Replacement } from '#contract/replacements/replacements.ts';

import { replacementListQuery } from '../../api/replacements.ts';
import { Count } from '../../components/Count.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import type { Column } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

type Side = 'oldImage' | 'newImage';

function event(replacement: Replacement): string {
  const where = `in ${formatQuantity(replacement.roles, 'role')}`;
  if (replacement.rollsBack !== null) return `Rolled back ${where}`;
  return `Replaced ${where}${replacement.rolledBackBy === null ? '' : ', rolled back'}`;
}

/** Columns of replacements; `other` is the side that is not the page's image. */
function replacementColumns(at: PathScope, other: Side): readonly Column<Replacement>[] {
  return [
    {
      id: 'image',
      header: other === 'newImage' ? 'New image' : 'Old image',
      isName: true,
      cell: (row) => <Link to={paths.image(at, row[other].id)}>{row[other].name}</Link>,
    },
    {
      id: 'what',
      header: 'What happened',
      cell: (row) => <Link to={paths.replacement(at, row.id)}>{event(row)}</Link>,
    },
    {
      id: 'left',
      header: 'On the old',
      align: 'end',
      width: '6.5rem',
      cell: (row) => <Count withNoun value={row.serversOnOldImage} noun="server" />,
    },
    {
      id: 'at',
      header: 'When',
      width: '5rem',
      cell: (row) => <RelativeTime isShort at={row.at} />,
    },
  ];
}

const keyOf = (row: Replacement) => row.id;
const labelOf = (row: Replacement) => `${row.oldImage.name} by ${row.newImage.name}`;

function replacementsQuery(at: PathScope, side: Side, imageId: string) {
  return replacementListQuery(at, { [side]: imageId, sort: '-at', maxResults: 20 });
}

/** The latest replacements that put another image in the place of this one. */
export function replacedByQuery(at: PathScope, imageId: string) {
  return replacementsQuery(at, 'oldImage', imageId);
}

/** What an image replaced, and what replaced it; nothing where it never happened. */
export function ImageHistory({ at, imageId }: { at: PathScope; imageId: string }) {
  return (
    <>
      <Replacements {...{ at, imageId }} title="Replaced by" side="oldImage" other="newImage" />
      <Replacements {...{ at, imageId }} title="It replaced" side="newImage" other="oldImage" />
      <p>
        <Link to={paths.replacements(at, { image: imageId })}>
          Show all its replacements and plans
        </Link>
      </p>
    </>
  );
}

interface ReplacementsProps {
  at: PathScope;
  imageId: string;
  title: string;
  /** Which side of the replacement the image is on. */
  side: Side;
  other: Side;
}

function Replacements({ at, imageId, title, side, other }: ReplacementsProps) {
  const { data, error, refetch } = useQuery(replacementsQuery(at, side, imageId));
  const rows = data?.data ?? [];
  if (error === null && rows.length === 0) return null;
  return (
    <DetailSection title={title}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      <DataTable
        label={title}
        columns={replacementColumns(at, other)}
        rows={rows}
        rowKey={keyOf}
        rowLabel={labelOf}
      />
    </DetailSection>
  );
}
