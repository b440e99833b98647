import { Link } from 'react-router';
import type { StoredPlan } from '#contract/replacements/replacement-plans.ts';

import { Count } from '../../components/Count.tsx';
import { EnvironmentName } from '../../components/objects/EnvironmentName.tsx';
import { Cut } from '../../components/flows/ReplacementPreview.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { paths } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';

import { blastWords } from './plan-words.ts';
import classes from './PlanPage.module.css';

type Radius = StoredPlan['blastRadius'];
type Owner = Radius['owners'][number];
type Farm = Radius['farmList'][number];

/** Whom a plan concerns: what starts on the new images, and which servers stay on the old ones. */
export function BlastRadius({ plan }: { plan: StoredPlan }) {
  const { owners } = plan.blastRadius;
  return (
    <DetailSection title="Whom it concerns">
      <div className={classes['parts']}>
        <p>{blastWords(plan)}</p>
        {owners.length > 0 && (
          <DataTable
            label="By environment and owner"
            columns={ownerColumns}
            rows={owners}
            rowKey={ownerKey}
            rowLabel={ownerLabel}
          />
        )}
      </div>
    </DetailSection>
  );
}

/** The farms one by one, those with most servers that stay first; nothing where there are none. */
export function FarmsConcerned({ plan }: { plan: StoredPlan }) {
  const { farmList, farms } = plan.blastRadius;
  if (farmList.length === 0) return null;
  return (
    <DetailSection title="Farms that start on the new images">
      <DataTable
        label="Farms that start on the new images"
        columns={farmColumns}
        rows={farmList}
        rowKey={farmKey}
        rowLabel={farmLabel}
      />
      <Cut shown={farmList.length} all={farms} />
    </DetailSection>
  );
}

const ownerKey = ({ envId, owner }: Owner) => `${envId} ${owner.id}`;
const ownerLabel = ({ envName, owner }: Owner) => `${owner.name}, ${envName}`;
const farmKey = ({ id }: Farm) => String(id);
const farmLabel = ({ name }: Farm) => name;

const stays: Column<{ servers: number; suspendedServers: number }> = {
  id: 'servers',
  header: 'Servers that stay',
  align: 'end',
  width: '10rem',
  cell: ({ servers, suspendedServers }) => (
    <>
      <Count value={servers} noun="server" />
      {suspendedServers > 0 && <span className="dim"> ({suspendedServers} suspended)</span>}
    </>
  ),
};

const ownerColumns: readonly Column<Owner>[] = [
  {
    id: 'owner',
    header: 'Owner',
    isName: true,
    cell: ({ envId, owner }) => (
      <Link to={paths.farms(environmentOf({ envId }), { owner: owner.id })}>{owner.name}</Link>
    ),
  },
  {
    id: 'environment',
    header: 'Environment',
    cell: (row) => <EnvironmentName of={row} />,
  },
  {
    id: 'farms',
    header: 'Farms',
    align: 'end',
    width: '4rem',
    cell: ({ farms }) => <Count value={farms} noun="farm" />,
  },
  stays,
];

const farmColumns: readonly Column<Farm>[] = [
  {
    id: 'name',
    header: 'Farm',
    isName: true,
    cell: (farm) => <Link to={paths.farm(environmentOf(farm), farm.id)}>{farm.name}</Link>,
  },
  {
    id: 'environment',
    header: 'Environment',
    width: '16rem',
    cell: (row) => <EnvironmentName of={row} />,
  },
  { id: 'owner', header: 'Owner', cell: ({ owner }) => owner.name },
  stays,
];
