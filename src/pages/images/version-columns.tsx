import { Link } from 'react-router';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';

import { Count } from '../../components/Count.tsx';
import { PlaceDots } from '../../components/PlaceDots.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { SetStatus } from '../../components/SetStatus.tsx';
import type { Column } from '../../components/table/table.ts';
import { tip } from '../../components/tip.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

type Places = ImageSet['places'];

/**
 * Columns of the list of versions at a scope.
 * @param among every place that a row of the page stands in
 */
export function versionColumns(at: PathScope, among: Places): readonly Column<ImageSet>[] {
  return [
    ...nameColumns(at),
    ...kindColumns(among),
    ...usageColumns(at),
    newerColumn(at),
    ...timeColumns,
  ];
}

/** Which version it is. */
function nameColumns(at: PathScope): Column<ImageSet>[] {
  return [
    {
      id: 'name',
      header: 'Version',
      isName: true,
      sortKey: 'name',
      cell: (set) => <Link to={paths.imageSet(at, set.id)}>{set.name}</Link>,
      note: (set) => set.description,
    },
    {
      id: 'scope',
      header: 'Scope',
      width: '7.125rem',
      isHiddenByDefault: at.scope === 'scalr',
      cell: (set) => <ScopeBadge scope={set.scope} />,
    },
  ];
}

/** What it is, where it stands, and how it is. */
function kindColumns(among: Places): Column<ImageSet>[] {
  return [
    {
      id: 'os',
      header: 'OS',
      width: '6.25rem',
      sortKey: 'os',
      cell: (set) => (
        <span className="small" {...tip(set.osName)}>
          {set.osName}
        </span>
      ),
    },
    {
      id: 'architectures',
      header: 'Arch.',
      width: '7.5rem',
      isHiddenByDefault: true,
      cell: (set) => <span className="small">{set.architectures.join(', ')}</span>,
    },
    {
      id: 'places',
      header: 'Places',
      width: `${(2.75 + among.length * 0.4375).toFixed(2)}rem`,
      cell: (set) => <PlaceDots places={set.places} among={among} />,
    },
    {
      id: 'status',
      header: 'Status',
      help: 'deprecated',
      width: '9rem',
      cell: (set) => <SetStatus set={set} />,
    },
  ];
}

/** Who uses it. */
function usageColumns(at: PathScope): Column<ImageSet>[] {
  return [
    {
      id: 'roles',
      header: 'Roles',
      align: 'end',
      width: '2.75rem',
      cell: ({ id, usage }) => (
        <Count value={usage?.roles} noun="role" to={paths.roles(at, { imageSet: id })} />
      ),
    },
    {
      id: 'farms',
      header: 'Farms',
      align: 'end',
      width: '2.75rem',
      isHiddenByDefault: true,
      cell: ({ id, usage }) => (
        <Count value={usage?.farms} noun="farm" to={paths.farms(at, { imageSet: id })} />
      ),
    },
    {
      id: 'servers',
      header: 'Servers',
      align: 'end',
      width: '3.625rem',
      cell: ({ id, usage }) => (
        <Count
          value={usage?.servers}
          noun="server"
          to={paths.servers(at, { imageSet: id, live: true })}
        />
      ),
    },
    {
      id: 'old',
      header: 'Old',
      help: 'old',
      align: 'end',
      width: '3.5rem',
      cell: ({ id, usage }) => (
        <Count
          value={usage?.oldServers}
          noun="old server"
          to={paths.servers(at, { imageSet: id, old: true })}
        />
      ),
    },
  ];
}

/** Where its line stands. */
function newerColumn(at: PathScope): Column<ImageSet> {
  return {
    id: 'newer',
    header: 'Newer',
    width: '7.625rem',
    cell: (set) => {
      if (set.newest) return <span className="dim">newest of its line</span>;
      if (set.newer === null) return <span className="dim">–</span>;
      return (
        <Link to={paths.imageSet(at, set.newer.id)} title={set.newer.name}>
          {set.newer.name}
        </Link>
      );
    },
  };
}

const timeColumns: readonly Column<ImageSet>[] = [
  {
    id: 'lastUsed',
    header: 'Last used',
    width: '4.375rem',
    isHiddenByDefault: true,
    cell: (set) => (
      <span className="small">
        <RelativeTime isShort at={set.lastUsed} />
      </span>
    ),
  },
  {
    id: 'added',
    header: 'Added',
    width: '4.5rem',
    sortKey: 'added',
    sortsDescendingFirst: true,
    cell: (set) => (
      <span className="small">
        <RelativeTime isShort at={set.added} />
      </span>
    ),
  },
];
