import { Link } from 'react-router';
import type { Role } from '#contract/roles/roles.ts';
import { scopeRank } from '#contract/scope.ts';

import { Count } from '../../components/Count.tsx';
import { OldServers } from '../../components/OldServers.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { mostFirst } from '../../components/table/table.ts';
import type { Column } from '../../components/table/table.ts';
import { deprecationDetail, objectState } from '../../util/object-state.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';

/** A role of a lower scope, which uses an image of this one, is only found at its own. */
function roleAddress(at: PathScope, role: Role): string {
  const isBelow = scopeRank[role.scope] > scopeRank[at.scope];
  return paths.role(isBelow ? scopeOfPlace(role) : at, role.id);
}

/** Columns of the list at a scope. At Corporate nothing is inherited, so the scope says nothing. */
export function roleColumns(at: PathScope): readonly Column<Role>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      isName: true,
      sortKey: 'name',
      cell: (role) => <Link to={roleAddress(at, role)}>{role.name}</Link>,
    },
    {
      id: 'scope',
      header: 'Scope',
      width: '6.75rem',
      isHiddenByDefault: at.scope === 'scalr',
      cell: (role) => <ScopeBadge scope={role.scope} />,
    },
    {
      id: 'os',
      header: 'OS',
      width: '6.25rem',
      isSmall: true,
      sortKey: 'os',
      cell: (role) => role.osName,
    },
    {
      id: 'category',
      header: 'Category',
      width: '6.75rem',
      isSmall: true,
      cell: (role) => role.categoryName,
    },
    {
      id: 'locations',
      header: 'Locations',
      align: 'end',
      width: '4.25rem',
      cell: (role) => <Count value={role.images?.length} noun="location" />,
    },
    {
      id: 'status',
      header: 'Status',
      width: '7.125rem',
      cell: (role) => <StatusBadge state={objectState(role)} detail={deprecationDetail(role)} />,
    },
    ...usageColumns(at),
    ...historyColumns,
  ];
}

/** Counts at and below the scope lead to what they count. */
function usageColumns(at: PathScope): Column<Role>[] {
  return [
    {
      id: 'farms',
      header: 'Farms',
      align: 'end',
      width: '3.25rem',
      ...mostFirst('farms'),
      cell: (role) => (
        <Count value={role.usage?.farms} noun="farm" to={paths.farms(at, { role: role.id })} />
      ),
    },
    {
      id: 'servers',
      header: 'Servers',
      align: 'end',
      width: '3.875rem',
      ...mostFirst('servers'),
      cell: (role) => (
        <Count
          value={role.usage?.servers}
          noun="server"
          to={paths.servers(at, { role: role.id, live: true })}
        />
      ),
    },
    {
      id: 'old',
      header: 'On old images',
      help: 'old',
      align: 'end',
      width: '8rem',
      ...mostFirst('oldServers'),
      cell: ({ id, usage }) => (
        <OldServers
          servers={usage && { live: usage.servers, old: usage.oldServers }}
          to={paths.usage(at, { role: id })}
        />
      ),
    },
  ];
}

const historyColumns: readonly Column<Role>[] = [
  {
    id: 'lastUsed',
    header: 'Last used',
    width: '5rem',
    sortKey: 'lastUsed',
    sortsDescendingFirst: true,
    cell: (role) => <RelativeTime isShort at={role.lastUsed} />,
  },
  {
    id: 'added',
    header: 'Added',
    width: '4.75rem',
    sortKey: 'added',
    sortsDescendingFirst: true,
    isHiddenByDefault: true,
    cell: (role) => <RelativeTime isShort at={role.added} />,
  },
  {
    id: 'createdBy',
    header: 'Added by',
    width: '11rem',
    isHiddenByDefault: true,
    cell: (role) => role.createdBy,
  },
];
