import { useState } from 'react';
import { Link } from 'react-router';
import type { Team } from '#contract/people/teams.ts';

import { useRemoveMember } from '../../api/people/people.ts';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

type Member = NonNullable<Team['members']>[number];

const rowKey = ({ id }: Member) => String(id);
const nameOf = ({ name }: Member) => name;

function columnsAt(at: PathScope): readonly Column<Member>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      isName: true,
      cell: ({ id, name }) => <Link to={paths.user(at, id)}>{name}</Link>,
      note: ({ email }) => email,
    },
    {
      id: 'source',
      header: 'By',
      width: '10rem',
      cell: ({ source }) => (source === 'oidc' ? 'Their groups' : 'An administrator'),
    },
  ];
}

/** Who is in a team; each can be taken out. */
export function TeamMembers({ at, team }: { at: PathScope; team: Team }) {
  const [asked, ask] = useState<Member>();
  const actions = (member: Member): ActionItem[] => [
    {
      id: 'remove',
      label: 'Take out of the team',
      danger: true,
      onSelect: () => ask(member),
    },
  ];
  return (
    <>
      <DataTable
        label={`Members of ${team.name}`}
        columns={columnsAt(at)}
        rows={team.members ?? []}
        {...{ rowKey, actions }}
        rowLabel={nameOf}
        empty={<p className="dim">Nobody yet.</p>}
      />
      {asked && <TakeOut {...{ at, team }} member={asked} onClose={() => ask(undefined)} />}
    </>
  );
}

interface TakeOutProps {
  at: PathScope;
  team: Team;
  member: Member;
  onClose: () => void;
}

function TakeOut({ at, team, member, onClose }: TakeOutProps) {
  const remove = useRemoveMember(at);
  const change = remove.change({ params: { teamId: team.id, userId: member.id } });
  return (
    <ChangeDialog
      title={`Take ${member.name} out of ${team.name}?`}
      confirmLabel="Take out"
      danger
      operation={remove}
      change={change}
      onClose={onClose}
    >
      <p>The rights of the team no longer count for them; those of their own stay.</p>
    </ChangeDialog>
  );
}
