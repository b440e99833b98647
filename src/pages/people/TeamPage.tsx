import { useNavigate, useParams } from 'react-router';
import type { Team } from '#contract/people/teams.ts';

import { teamQuery, useDeleteTeam } from '../../api/people/people.ts';
import { useObject } from '../../api/query.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { FactList } from '../../components/FactList.tsx';
import { PageSkeleton } from '../../components/PageSkeleton.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import { useScope } from '../../hooks/use-scope.ts';
import { ObjectActivity } from '../../layouts/activity/ObjectActivity.tsx';
import { DetailLayout, DetailSection } from '../../layouts/DetailLayout.tsx';
import { PageHeader } from '../../layouts/PageHeader.tsx';
import { queryClient } from '../../query-client.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { placeName } from '../../util/places.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';

import { AddMember } from './AddMember.tsx';
import { GiveRole } from './GiveRole.tsx';
import { RightsTable } from './RightsTable.tsx';
import { EditTeam } from './TeamForm.tsx';
import { TeamMembers } from './TeamMembers.tsx';

/** Starts reading before the page is there. */
export const loader = scopedLoader((at, _search, { teamId = '' }) => {
  void queryClient.prefetchQuery(teamQuery(at, teamId));
});

/** One team: who is in it, and what it may do. */
export function Component() {
  const at = useScope();
  const { teamId = '' } = useParams();
  const team = useObject(teamQuery(at, teamId));
  if (team === undefined) return <PageSkeleton />;
  return <Details key={teamId} at={at} team={team} />;
}

function Details({ at, team }: { at: PathScope; team: Team }) {
  return (
    <>
      <PageHeader
        title={team.name}
        crumbs={[{ label: 'Teams', to: paths.teams(at) }]}
        facts={<span>{formatQuantity(team.memberCount, 'member')}</span>}
      />
      <DetailLayout
        facts={
          <DetailSection title="What it is">
            <FactList
              facts={[
                { label: 'At', value: placeName(team) },
                { label: 'Group', value: team.externalGroup ?? <span className="dim">none</span> },
                { label: 'Created', value: <RelativeTime at={team.added} /> },
                { label: 'By', value: team.createdBy },
              ]}
            />
          </DetailSection>
        }
        actions={<TeamActs at={at} team={team} />}
      >
        <DetailSection title="Members">
          <TeamMembers at={at} team={team} />
        </DetailSection>
        <DetailSection title="Rights">
          <RightsTable at={at} grants={team.grants ?? []} of="team" name={team.name} />
        </DetailSection>
        <ObjectActivity at={at} object={`team:${team.id}`} />
      </DetailLayout>
    </>
  );
}

interface ActsProps {
  at: PathScope;
  team: Team;
}

function TeamActs({ at, team }: ActsProps) {
  const { dialog, open, close } = useDialog(['delete', 'edit', 'add', 'give']);
  return (
    <>
      <ActionButton danger onClick={() => open('delete')}>
        Delete
      </ActionButton>
      <ActionButton onClick={() => open('edit')}>Edit</ActionButton>
      <ActionButton onClick={() => open('add')}>Add member</ActionButton>
      <ActionButton variant="filled" onClick={() => open('give')}>
        Give role
      </ActionButton>
      {dialog === 'delete' && <DeleteTeam {...{ at, team }} onClose={close} />}
      {dialog === 'edit' && <EditTeam {...{ at, team }} onClose={close} />}
      {dialog === 'add' && <AddMember {...{ at, team }} onClose={close} />}
      {dialog === 'give' && (
        <GiveRole at={at} to={{ team: { id: team.id } }} name={team.name} onClose={close} />
      )}
    </>
  );
}

function DeleteTeam({ at, team, onClose }: ActsProps & { onClose: () => void }) {
  const navigate = useNavigate();
  const remove = useDeleteTeam(at);
  const change = remove.change({ params: { teamId: team.id }, ifMatch: team.version });
  return (
    <ChangeDialog
      title={`Delete team ${team.name}?`}
      confirmLabel="Delete team"
      danger
      operation={remove}
      change={change}
      onDone={() => void navigate(paths.teams(at), { replace: true })}
      onClose={onClose}
    >
      <p>
        Its rights go with it, everywhere. Its {formatQuantity(team.memberCount, 'member')} keep
        those of their own.
      </p>
    </ChangeDialog>
  );
}
