import { Link } from 'react-router';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';

import { Count } from '../../components/Count.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { SetStatus } from '../../components/SetStatus.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

interface LineProps {
  at: PathScope;
  /** The version that the page is about. */
  set: ImageSet;
  sets: readonly ImageSet[] | undefined;
}

/** The versions of a line, newest first: who still runs which. */
export function Line({ at, set, sets }: LineProps) {
  return (
    <DataTable
      label="Versions of the line"
      columns={lineColumns(at, set)}
      rows={sets}
      rowKey={(one) => String(one.id)}
      rowLabel={(one) => one.name}
    />
  );
}

function lineColumns(at: PathScope, current: ImageSet): readonly Column<ImageSet>[] {
  return [
    {
      id: 'name',
      header: 'Version',
      isName: true,
      cell: (set) =>
        set.id === current.id ? (
          <strong aria-current="true">{set.name}</strong>
        ) : (
          <Link to={paths.imageSet(at, set.id)}>{set.name}</Link>
        ),
    },
    {
      id: 'scope',
      header: 'Scope',
      width: '7rem',
      cell: (set) => <ScopeBadge scope={set.scope} />,
    },
    { id: 'status', header: 'Status', width: '8.25rem', cell: (set) => <SetStatus set={set} /> },
    {
      id: 'roles',
      header: 'Roles',
      align: 'end',
      width: '3rem',
      cell: ({ id, usage }) => (
        <Count value={usage?.roles} noun="role" to={paths.roles(at, { imageSet: id })} />
      ),
    },
    {
      id: 'servers',
      header: 'Servers',
      align: 'end',
      width: '3.75rem',
      cell: ({ id, usage }) => (
        <Count
          value={usage?.servers}
          noun="server"
          to={paths.servers(at, { imageSet: id, live: true })}
        />
      ),
    },
    {
      id: 'added',
      header: 'Added',
      width: '4.25rem',
      cell: (set) => <RelativeTime isShort at={set.added} />,
    },
  ];
}
