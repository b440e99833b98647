import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { RolloutPlan as Plan } from '#contract/rollouts/rollout-members.ts';
import type { Rollout } from '#contract/rollouts/rollouts.ts';

import { Count } from '../../components/Count.tsx';
import { Notice } from '../../components/Notice.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import { environmentOf } from '../../util/places.ts';

import { PlannedGroups } from './RolloutGroups.tsx';
import { spanWords } from './rollout-words.ts';
import classes from './RolloutPlan.module.css';

type PlannedFarm = Plan['farms'][number];

const farmColumns: readonly Column<PlannedFarm>[] = [
  {
    id: 'name',
    header: 'Farm',
    isName: true,
    cell: (farm) => <Link to={paths.farm(environmentOf(farm), farm.id)}>{farm.name}</Link>,
    note: ({ locked }) => locked,
  },
  { id: 'environment', header: 'Environment', cell: (farm) => farm.envName },
  { id: 'owner', header: 'Owner', cell: (farm) => farm.owner.name },
  {
    id: 'servers',
    header: 'Servers',
    align: 'end',
    width: '4.5rem',
    cell: (farm) => <Count value={farm.servers} noun="server" />,
  },
];
const farmKey = ({ id }: PlannedFarm) => String(id);
const farmLabel = ({ name }: PlannedFarm) => name;

interface RolloutPlanProps {
  plan: Plan;
  settings: Rollout['settings'];
  /** How to plan it otherwise. */
  children: ReactNode;
}

/** Which servers a rollout would move, in which order, and what stands in its way. */
export function RolloutPlan({ plan, settings, children }: RolloutPlanProps) {
  const { counts } = plan;
  return (
    <DetailSection title="What it moves">
      <p>
        {formatQuantity(counts.servers, 'server')} of {formatQuantity(counts.farms, 'farm')} in{' '}
        {formatQuantity(counts.environments, 'environment')}, {spanWords(plan.seconds)} in all.
      </p>
      <PlanNotices plan={plan} replacesAll={settings.replaceAll} />
      {plan.waves.length > 1 && (
        <ol>
          {plan.waves.map(({ environments, servers, seconds }) => (
            <li key={environments.map(({ id }) => id).join()}>
              {environments.map(({ name }) => name).join(', ')}: {formatQuantity(servers, 'server')}
              , {spanWords(seconds)}
            </li>
          ))}
        </ol>
      )}
      {children}
      <PlannedGroups groups={plan.groups} />
      {plan.farms.length > 0 && (
        <DataTable
          label="Farms whose servers move"
          columns={farmColumns}
          rows={plan.farms}
          rowKey={farmKey}
          rowLabel={farmLabel}
        />
      )}
    </DetailSection>
  );
}

/** What one should know before it is started. */
function PlanNotices({ plan, replacesAll }: { plan: Plan; replacesAll: boolean }) {
  const { counts, stays, notByThemselves, farms, busyFarms, changedSince } = plan;
  const locked = farms.filter((farm) => farm.locked !== null);
  const alone = notByThemselves.reduce((sum, { servers }) => sum + servers, 0);
  return (
    <div className={classes['notices']}>
      {plan.reason !== undefined && plan.reason !== null && (
        <Notice tone="warning">{plan.reason}</Notice>
      )}
      {busyFarms.length > 0 && (
        <Notice tone="warning">
          Another rollout works on {busyFarms.map(({ name }) => name).join(', ')}.
        </Notice>
      )}
      {changedSince !== null && (
        <Notice>The fleet has changed since this was planned. This is how it is now.</Notice>
      )}
      {locked.length > 0 && (
        <Notice tone="warning">
          {formatQuantity(locked.length, 'farm')} {locked.length === 1 ? 'is' : 'are'} locked. Their
          servers wait until somebody unlocks them: {locked.map(({ name }) => name).join(', ')}.
        </Notice>
      )}
      {alone > 0 && (
        <Notice>
          In the place of {formatQuantity(alone, 'server')} nothing would come by itself.{' '}
          {replacesAll
            ? 'This rollout launches one for each.'
            : `They stay. Of the first: ${notByThemselves[0]?.why}`}
        </Notice>
      )}
      {counts.stays > 0 && (
        <Notice>
          {formatQuantity(counts.stays, 'server')} {counts.stays === 1 ? 'stays' : 'stay'}. Of the
          first: {stays[0]?.why}
        </Notice>
      )}
    </div>
  );
}
