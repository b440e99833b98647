import { userRoleLabel } from '#contract/permissions.ts';
import type { Ability } from '#contract/people/grants.ts';

import { placeName } from '../../util/places.ts';
import { DataTable } from '../table/DataTable.tsx';
import type { Column } from '../table/table.ts';

import { permissionWords } from './permission-words.ts';

const throughWords = ({ through }: Ability) =>
  through
    .map((right) => {
      const team = right.team === null ? '' : `, by team ${right.team.name}`;
      return `${userRoleLabel[right.role]} at ${placeName(right)}${team}`;
    })
    .join('; ');

const askWords = ({ ask }: Ability) =>
  ask.length === 0
    ? 'Nobody here can give it.'
    : `Ask ${ask.map(({ name, email }) => `${name} (${email})`).join(' or ')}.`;

const words = ({ permission }: Ability) => permissionWords[permission];
const keyOf = ({ permission }: Ability) => permission;

const columns: readonly Column<Ability>[] = [
  { id: 'what', header: 'What', isName: true, cell: words },
  {
    id: 'may',
    header: 'May',
    width: '4rem',
    cell: ({ allowed }) => (allowed ? 'Yes' : <span className="dim">No</span>),
  },
  {
    id: 'why',
    header: 'Through',
    cell: (row) => (row.allowed ? throughWords(row) : <span className="dim">{askWords(row)}</span>),
  },
];

/** What somebody may do at a scope, through which rights, and whom to ask for the rest. */
export function Abilities({ abilities }: { abilities: readonly Ability[] | undefined }) {
  return (
    <DataTable
      label="What they may do"
      columns={columns}
      rows={abilities}
      rowKey={keyOf}
      rowLabel={words}
      skeletonRows={8}
    />
  );
}
