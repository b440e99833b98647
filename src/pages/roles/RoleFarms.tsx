import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'react-router';
import type { Farm } from '#contract/farms/farms.ts';
import type { Role } from '#contract/roles/roles.ts';
import type { UsageRow } from '#contract/farms/usage.ts';

import { farmListQuery } from '../../api/farms.ts';
import { usageListQuery, usageTotalsQuery } from '../../api/usage.ts';
import { Count } from '../../components/Count.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { OldServers } from '../../components/OldServers.tsx';
import type { Column } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

const shown = 20;

/** The first farms that use a role, by name. */
export function roleFarmsQuery(at: PathScope, roleId: string | number) {
  return farmListQuery(at, {
    role: String(roleId),
    sort: 'name',
    maxResults: shown,
    include: ['usage', 'total'],
  });
}

/** Servers of a role on old images, by farm role. */
export function roleOldServersQuery(at: PathScope, roleId: string | number) {
  return usageListQuery(at, { role: String(roleId), maxResults: 100 });
}

type Counts = NonNullable<Farm['servers']>;

/** Of each farm, the servers of this role: its farm roles that have old ones, together. */
function countByFarm(rows: readonly UsageRow[]): Map<number, Counts> {
  const counts = new Map<number, Counts>();
  const counted = new Set<number>();
  for (const { farm, farmRole, servers } of rows) {
    const { live, old } = counts.get(farm.id) ?? { live: 0, old: 0 };
    // A farm role has one row for each old image, with all of its servers on every one.
    const more = counted.has(farmRole.id) ? 0 : servers.live;
    counted.add(farmRole.id);
    counts.set(farm.id, { live: live + more, old: old + servers.old });
  }
  return counts;
}

function columnsOf(
  at: PathScope,
  roleId: number,
  old: ReadonlyMap<number, Counts>,
): readonly Column<Farm>[] {
  return [
    {
      id: 'name',
      header: 'Farm',
      isName: true,
      cell: (farm) => <Link to={paths.farm(at, farm.id)}>{farm.name}</Link>,
    },
    {
      id: 'environment',
      header: 'Environment',
      cell: (farm) => farm.envName,
    },
    { id: 'owner', header: 'Owner', cell: (farm) => farm.owner.name },
    {
      id: 'servers',
      header: 'Servers of farm',
      align: 'end',
      width: '6.75rem',
      cell: (farm) => (
        <Count
          value={farm.servers?.live}
          noun="server"
          to={paths.servers(at, { farm: farm.id, live: true })}
        />
      ),
    },
    {
      id: 'old',
      header: 'On old images',
      align: 'end',
      width: '7.5rem',
      cell: (farm) => (
        <OldServers
          servers={old.get(farm.id) ?? { live: 0, old: 0 }}
          to={paths.usage(at, { farm: farm.id, role: roleId })}
        />
      ),
    },
  ];
}

const rowKey = (farm: Farm) => String(farm.id);
const rowLabel = (farm: Farm) => farm.name;

/** The farms that use a role, with how many of its servers run old images. */
export function RoleFarms({ at, role }: { at: PathScope; role: Role }) {
  const { data, error, refetch } = useQuery(roleFarmsQuery(at, role.id));
  const oldRows = useQuery(roleOldServersQuery(at, role.id)).data?.data;
  const columns = useMemo(
    () => columnsOf(at, role.id, countByFarm(oldRows ?? [])),
    [at, role.id, oldRows],
  );
  const total = data?.pagination?.total ?? 0;
  return (
    <DetailSection title="Farms that use it">
      <Summary at={at} role={role} />
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {(data === undefined ? error === null : data.data.length > 0) && (
        <DataTable
          label="Farms that use it"
          columns={columns}
          rows={data?.data}
          rowKey={rowKey}
          rowLabel={rowLabel}
          skeletonRows={3}
        />
      )}
      {total > shown && (
        <p className="small">
          {shown} of {formatQuantity(total, 'farm')} are shown.{' '}
          <Link to={paths.farms(at, { role: role.id })}>Show all farms</Link>
        </p>
      )}
    </DetailSection>
  );
}

function Summary({ at, role }: { at: PathScope; role: Role }) {
  const old = useQuery(usageTotalsQuery(at, { role: String(role.id) })).data?.servers ?? 0;
  const { farms = 0, servers = 0 } = role.usage ?? {};
  if (farms === 0) return <p>No farm at or below this scope uses it.</p>;
  return (
    <p>
      <Count withNoun value={farms} noun="farm" to={paths.farms(at, { role: role.id })} />{' '}
      {farms === 1 ? 'runs' : 'run'}{' '}
      <Count
        withNoun
        value={servers}
        noun="server"
        to={paths.servers(at, { role: role.id, live: true })}
      />{' '}
      of it
      {old === 0 ? (
        ', none on an old image.'
      ) : (
        <>
          , <Link to={paths.usage(at, { role: role.id })}>{old} on old images</Link>. A server takes
          the role’s image when it is relaunched.
        </>
      )}
    </p>
  );
}
