import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { FarmRole } from '#contract/farms/farm-roles.ts';
import type { Farm } from '#contract/farms/farms.ts';

import { farmRoleListQuery } from '../../api/farms.ts';
import { CloudLocation } from '../../components/CloudLocation.tsx';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { ImageName } from '../../components/ImageName.tsx';
import { actionItems } from '../../components/objects/object-actions.tsx';
import { ObjectDialogs } from '../../components/objects/ObjectDialogs.tsx';
import { RoleName } from '../../components/objects/RoleName.tsx';
import { OldServers } from '../../components/OldServers.tsx';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';

import { reasonAgainst } from '../../util/verdicts.ts';

import { farmKind } from './farm-actions.ts';
import { farmRoleKind } from './farm-role-actions.ts';
import { Setback } from './Setback.tsx';
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
        <RoleName of={farmRole} />
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
    width: '5.5rem',
    cell: ({ scaling, observed }) =>
      observed === true ? (
        '–'
      ) : (
        <>
          {!scaling.enabled && <span className="dim small">off </span>}
          {scaling.minInstances}–{scaling.maxInstances}
        </>
      ),
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

/** How to read the roles of a farm as the table shows them. */
export function farmRolesQuery(at: PathScope, farmId: string | number) {
  return farmRoleListQuery(at, farmId, { include: ['usage', 'actions'] });
}

/** The roles of a farm with what their servers run and what new ones would. */
export function FarmRoles({ at, farm }: { at: PathScope; farm: Farm }) {
  const list = useQuery(farmRolesQuery(at, farm.id));
  const { open } = useDialog([...Object.keys(farmRoleKind.actions), 'add-role']);
  const shown = useMemo(() => columns(at), [at]);
  return (
    <DetailSection title="Roles">
      {list.error !== null && (
        <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.data?.data.map((farmRole) => (
        <Setback key={farmRole.id} farmRole={farmRole} />
      ))}
      {(list.data !== undefined || list.error === null) && (
        <DataTable
          label="Roles of the farm"
          columns={shown}
          rows={list.data?.data}
          rowKey={rowKey}
          rowLabel={rowLabel}
          actions={(farmRole) =>
            actionItems(farmRoleKind, at, farmRole, (dialog) => open(dialog, farmRole.id))
          }
          skeletonRows={3}
          empty={
            <EmptyState
              title="This farm has no roles"
              action={
                <ActionButton
                  variant="filled"
                  disabledReason={reasonAgainst(farm.actions?.addRole)}
                  onClick={() => open('add-role')}
                  onIntent={farmKind.actions['add-role']?.dialog?.fetchAhead}
                >
                  Add a role
                </ActionButton>
              }
            >
              It starts no servers. A role says which image they start from in each location.
            </EmptyState>
          }
        />
      )}
      <ObjectDialogs kind={farmRoleKind} at={at} />
    </DetailSection>
  );
}
