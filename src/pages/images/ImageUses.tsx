import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Data } from '#contract/operations.ts';

import { imageUsageQuery } from '../../api/images.ts';
import { Count } from '../../components/Count.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import type { Column } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import classes from './ImagePage.module.css';

type Usage = Data<'imageUsage'>;
type RoleUse = Usage['roles']['items'][number];
type FarmUse = Usage['farms']['items'][number];

const roleColumns: readonly Column<RoleUse>[] = [
  {
    id: 'name',
    header: 'Role',
    isName: true,
    // A role further down is only found at its own scope.
    cell: (role) => <Link to={paths.role(scopeOfPlace(role), role.id)}>{role.name}</Link>,
  },
  { id: 'scope', header: 'Scope', cell: (role) => <PlaceBadge place={role} /> },
  {
    id: 'status',
    header: 'Status',
    width: '8rem',
    cell: (role) => <StatusBadge state={role.deprecated ? 'deprecated' : 'active'} />,
  },
];

function farmColumns(at: PathScope): readonly Column<FarmUse>[] {
  return [
    {
      id: 'name',
      header: 'Farm',
      isName: true,
      cell: (farm) => <Link to={paths.farm(at, farm.id)}>{farm.name}</Link>,
    },
    { id: 'environment', header: 'Environment', width: '8rem', cell: (farm) => farm.envName },
    { id: 'owner', header: 'Owner', cell: (farm) => farm.ownerEmail },
    {
      id: 'servers',
      header: 'Servers',
      align: 'end',
      width: '4.5rem',
      cell: (farm) => <Count value={farm.servers} noun="server" />,
    },
  ];
}

const keyOf = (row: { id: number }) => String(row.id);
const labelOf = (row: { name: string }) => row.name;

interface UsersProps<Row extends { id: number; name: string }> {
  title: string;
  columns: readonly Column<Row>[];
  /** The first of them; undefined until they were counted. */
  users: { items: Row[]; total: number } | undefined;
  noun: string;
  /** Where all of them are. */
  to: string;
}

/** Those of one kind that use the image; what there is beyond the rows shown, and where to see it. */
function Users<Row extends { id: number; name: string }>(props: UsersProps<Row>) {
  const { title, columns, users, noun, to } = props;
  if (users?.total === 0) return null;
  return (
    <DetailSection title={title}>
      <DataTable
        label={title}
        columns={columns}
        rows={users?.items}
        rowKey={keyOf}
        rowLabel={labelOf}
        skeletonRows={3}
      />
      {users !== undefined && users.items.length < users.total && (
        <p className="small">
          {users.items.length} of {formatQuantity(users.total, noun)} are shown.{' '}
          <Link to={to}>Show all {noun}s</Link>
        </p>
      )}
    </DetailSection>
  );
}

function serverWords({ servers }: Usage): string {
  const states = Object.entries(servers.byStatus)
    .toSorted(([, a], [, b]) => b - a)
    .map(([status, count]) => `${count} ${status.replaceAll('_', ' ')}`);
  return states.length > 1 ? ` (${states.join(', ')})` : '';
}

/** Where an image is used: roles, farms and servers, at and below the scope of the page. */
export function ImageUses({ at, imageId }: { at: PathScope; imageId: string }) {
  const { data: usage, error, refetch } = useQuery(imageUsageQuery(at, imageId));
  if (error !== null && usage === undefined) {
    return (
      <DetailSection title="Used by">
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </DetailSection>
    );
  }
  return (
    <>
      <DetailSection title="Used by">
        {usage === undefined ? (
          <p className="dim">Counting…</p>
        ) : (
          <Summary at={at} imageId={imageId} usage={usage} />
        )}
      </DetailSection>
      <Users
        title="Roles that use it"
        columns={roleColumns}
        users={usage?.roles}
        noun="role"
        to={paths.roles(at, { image: imageId })}
      />
      <Users
        title="Farms that use it"
        columns={farmColumns(at)}
        users={usage?.farms}
        noun="farm"
        to={paths.farms(at, { image: imageId })}
      />
    </>
  );
}

function Summary({ at, imageId, usage }: { at: PathScope; imageId: string; usage: Usage }) {
  const { roles, farms, servers } = usage;
  if (roles.total + farms.total + servers.total === 0) {
    return <p className={classes['line']}>Nothing uses it here.</p>;
  }
  return (
    <>
      <p className={classes['line']}>
        <Count withNoun value={roles.total} noun="role" to={paths.roles(at, { image: imageId })} />,{' '}
        <Count withNoun value={farms.total} noun="farm" to={paths.farms(at, { image: imageId })} />{' '}
        and{' '}
        <Count
          withNoun
          value={servers.total}
          noun="server"
          to={paths.servers(at, { image: imageId, live: true })}
        />
        {serverWords(usage)} use it.
      </p>
      {servers.stale > 0 && (
        <p className={classes['line']}>
          <StatusBadge
            state="old"
            word={`${formatQuantity(servers.stale, 'server')} on an old image`}
          />
          : {servers.stale === 1 ? 'its role has' : 'their roles have'} another image now.
          Relaunching moves {servers.stale === 1 ? 'it' : 'them'} on.
        </p>
      )}
    </>
  );
}
