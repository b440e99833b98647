import { Link } from 'react-router';
import type { StoredPlan } from '#contract/replacements/replacement-plans.ts';

import { CloudLocation } from '../../components/CloudLocation.tsx';
import { Count } from '../../components/Count.tsx';
import { Cut } from '../../components/flows/ReplacementPreview.tsx';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { paths } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';

import classes from './PlanPage.module.css';

type Row = StoredPlan['roles'][number];

/** Each role with what becomes of it in each place; those that cannot change stand first. */
export function PlanRoles({ plan: { roles, counts, otherRegistrations } }: { plan: StoredPlan }) {
  return (
    <DetailSection title="Roles in reach">
      {roles.length === 0 ? (
        <p className="dim">No role in reach uses an old image.</p>
      ) : (
        <DataTable
          label="Roles in reach"
          columns={columns}
          rows={roles}
          rowKey={rowKey}
          rowLabel={rowLabel}
        />
      )}
      <Cut shown={roles.length} all={counts.change + counts.skip} />
      {otherRegistrations.items.length > 0 && (
        <p>
          Roles that keep another registration:{' '}
          {otherRegistrations.items.map((role, index) => (
            <span key={`${role.id} ${String(index)}`}>
              {index > 0 && ', '}
              <Link to={paths.role(scopeOfPlace(role), role.id)}>{role.name}</Link>
            </span>
          ))}
        </p>
      )}
    </DetailSection>
  );
}

const rowKey = ({ id, cloudPlatform, cloudLocation, oldImage }: Row) =>
  `${id} ${cloudPlatform} ${cloudLocation} ${oldImage.id}`;
const rowLabel = ({ name }: Row) => name;

const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    header: 'Role',
    isName: true,
    cell: (role) => <Link to={paths.role(scopeOfPlace(role), role.id)}>{role.name}</Link>,
  },
  { id: 'scope', header: 'Scope', cell: (role) => <PlaceBadge place={role} /> },
  {
    id: 'place',
    header: 'Place',
    cell: ({ cloudPlatform, cloudLocation }) => (
      <CloudLocation platform={cloudPlatform} location={cloudLocation} />
    ),
  },
  {
    id: 'outcome',
    header: 'What happens',
    width: '12rem',
    cell: ({ outcome, reason, otherRegistration }) => (
      <span className={classes['wrap']}>
        {outcome === 'change' ? 'Changes' : `Stays. ${reason ?? ''}`}
        {otherRegistration && <span className="dim"> (another registration)</span>}
      </span>
    ),
  },
  {
    id: 'farms',
    header: 'Farms',
    align: 'end',
    width: '3.5rem',
    cell: ({ farms }) => <Count value={farms} noun="farm" />,
  },
  {
    id: 'servers',
    header: 'Servers',
    align: 'end',
    width: '4.5rem',
    cell: ({ servers }) => <Count value={servers} noun="server" />,
  },
];
