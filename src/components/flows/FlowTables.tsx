import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ReplacementPreview } from '#contract/replacements/replacements.ts';

import { paths } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';
import { Count } from '../Count.tsx';
import { EnvironmentName } from '../objects/EnvironmentName.tsx';
import { DataTable } from '../table/DataTable.tsx';
import { PlaceBadge } from '../PlaceBadge.tsx';
import type { Column } from '../table/table.ts';

import classes from './flows.module.css';

type RolePlan = ReplacementPreview['roles'][number];
/** A farm with servers that stay on an old image. */
export type FarmOnOld = ReplacementPreview['farms'][number];

/** A table inside a dialog: it scrolls by itself. */
export function TableFrame({ children }: { children: ReactNode }) {
  return <div className={classes['frame']}>{children}</div>;
}

const roleColumns: readonly Column<RolePlan>[] = [
  {
    id: 'name',
    header: 'Role',
    isName: true,
    cell: (role) => (
      <Link to={paths.role(scopeOfPlace(role), role.id)} target="_blank">
        {role.name}
      </Link>
    ),
  },
  { id: 'scope', header: 'Scope', cell: (role) => <PlaceBadge place={role} /> },
  {
    id: 'outcome',
    header: 'What happens',
    cell: (role) =>
      role.outcome === 'change' ? (
        'Changes'
      ) : (
        <span className={classes['wrapCell']}>Stays. {role.reason}</span>
      ),
  },
  {
    id: 'servers',
    header: 'Servers',
    align: 'end',
    width: '4.5rem',
    cell: (role) => <Count value={role.servers} noun="server" />,
  },
];

const farmName = (farm: FarmOnOld, target?: '_blank') => (
  <Link
    to={paths.farm({ scope: 'environment', environmentId: farm.envId }, farm.id)}
    target={target}
  >
    {farm.name}
  </Link>
);

const farmColumns: readonly Column<FarmOnOld>[] = [
  {
    id: 'name',
    header: 'Farm',
    isName: true,
    cell: (farm) => farmName(farm, '_blank'),
  },
  { id: 'environment', header: 'Environment', cell: (farm) => <EnvironmentName of={farm} /> },
  { id: 'owner', header: 'Owner', cell: (farm) => farm.owner.name },
  {
    id: 'servers',
    header: 'Servers',
    align: 'end',
    width: '4.5rem',
    cell: (farm) => <Count value={farm.servers} noun="server" />,
  },
];

const pageFarmColumns = farmColumns.map((column) =>
  column.id === 'name' ? { ...column, cell: (farm: FarmOnOld) => farmName(farm) } : column,
);

const keyOf = (row: { id: number }) => String(row.id);
const labelOf = (row: { name: string }) => row.name;

/** Roles in reach with what becomes of each; those that cannot change stand first. */
export function RolePlanTable({ roles }: { roles: readonly RolePlan[] }) {
  return (
    <DataTable
      label="Roles in reach"
      columns={roleColumns}
      rows={roles}
      rowKey={keyOf}
      rowLabel={labelOf}
    />
  );
}

interface FarmsOnOldTableProps {
  farms: readonly FarmOnOld[];
  /** Not in a dialog: a link need not leave what is chosen there alone. */
  onPage?: boolean;
}

/** Farms whose servers stay on the old image until they are relaunched. */
export function FarmsOnOldTable({ farms, onPage = false }: FarmsOnOldTableProps) {
  return (
    <DataTable
      label="Farms with servers on the old image"
      columns={onPage ? pageFarmColumns : farmColumns}
      rows={farms}
      rowKey={keyOf}
      rowLabel={labelOf}
    />
  );
}
