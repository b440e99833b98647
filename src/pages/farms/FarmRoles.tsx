import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { FarmRole } from '#contract/farms/farm-roles.ts';

import { farmRoleListQuery } from '../../api/farms.ts';
import { CloudLocation } from '../../components/CloudLocation.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { ImageName } from '../../components/ImageName.tsx';
import { OldServers } from '../../components/OldServers.tsx';
import type { Column } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';

import { WhyImage } from './WhyImage.tsx';
import classes from './WhyImage.module.css';

const whichRole: readonly Column<FarmRole>[] = [
  { id: 'alias', header: 'Farm role', isName: true, cell: (farmRole) => farmRole.alias },
  {
    id: 'role',
    header: 'Role',
    width: '10rem',
    cell: (farmRole) => (
      <>
        <Link to={paths.role(environmentOf(farmRole), farmRole.role.id)}>{farmRole.role.name}</Link>
        {farmRole.role.deprecated && <span className="dim"> (deprecated)</span>}
      </>
    ),
  },
  {
    id: 'location',
    header: 'Location',
    width: '9rem',
    cell: (farmRole) => (
      <CloudLocation platform={farmRole.cloudPlatform} location={farmRole.cloudLocation} />
    ),
  },
];

const howMany: readonly Column<FarmRole>[] = [
  {
    id: 'scaling',
    header: 'Min–max',
    align: 'end',
    width: '5rem',
    cell: (farmRole) => `${farmRole.scaling.minInstances}–${farmRole.scaling.maxInstances}`,
  },
  {
    id: 'servers',
    header: 'Servers',
    align: 'end',
    width: '4.5rem',
    cell: (farmRole) => farmRole.servers?.live ?? '–',
  },
];

function columns(at: PathScope): readonly Column<FarmRole>[] {
  return [
    ...whichRole,
    {
      id: 'image',
      header: 'Starts from',
      width: '14rem',
      cell: (farmRole) => (
        <span className={classes['image']}>
          <ImageName at={environmentOf(farmRole)} image={farmRole.image} />
          <WhyImage at={at} farmRole={farmRole} />
        </span>
      ),
    },
    ...howMany,
    {
      id: 'old',
      header: 'On old images',
      align: 'end',
      width: '7.5rem',
      cell: (farmRole) => (
        <OldServers
          servers={farmRole.servers}
          to={paths.usage(at, { farm: farmRole.farm.id, role: farmRole.role.id })}
        />
      ),
    },
  ];
}

const rowKey = (farmRole: FarmRole) => String(farmRole.id);
const rowLabel = (farmRole: FarmRole) => farmRole.alias;

/** The roles of a farm with what their servers run and what new ones would. */
export function FarmRoles({ at, farmId }: { at: PathScope; farmId: number }) {
  const list = useQuery(farmRoleListQuery(at, farmId, { include: ['usage'] }));
  return (
    <DetailSection title="Roles">
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      {(list.data !== undefined || list.error === null) && (
        <DataTable
          label="Roles of the farm"
          columns={columns(at)}
          rows={list.data?.data}
          rowKey={rowKey}
          rowLabel={rowLabel}
          skeletonRows={3}
          empty={<EmptyState title="This farm has no roles">It starts no servers.</EmptyState>}
        />
      )}
    </DetailSection>
  );
}
