import type { Ability, Access, Grant } from '#contract/people/grants.ts';
import type { Team } from '#contract/people/teams.ts';
import type { User } from '#contract/people/users.ts';
import type { AccessRow, GrantRow } from '../../database/queries/people/grants.ts';
import type { MemberRow, TeamRow } from '../../database/queries/people/teams.ts';
import type { UserRow } from '../../database/queries/people/user-rows.ts';
import type { Recorded } from '../log-entry.ts';
import { toPlace } from '../present.ts';

export function toUser(row: UserRow): User {
  const { id, email, name, status, version } = row;
  return {
    id,
    email,
    name,
    status,
    added: row.created_at.toISOString(),
    invited: row.invited_at?.toISOString() ?? null,
    joined: row.joined_at?.toISOString() ?? null,
    suspended: row.suspended_at?.toISOString() ?? null,
    version,
  };
}

/** A user as the log keeps them. */
export function toRecordedUser({
  id,
  email,
  name,
  status,
  second_step: secondStep,
  version,
}: Pick<
  UserRow,
  'id' | 'email' | 'name' | 'status' | 'second_step' | 'version'
>): Recorded<'user'> {
  return { id, email, name, status, secondStep, version };
}

const toTeamInShort = (row: { team_id: number | null; team_name: string | null }) =>
  row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' };

export function toGrant(row: GrantRow): Grant {
  const { id, role, user_id: userId } = row;
  return {
    id,
    role,
    ...toPlace(row),
    user:
      userId === null ? null : { id: userId, name: row.user_name ?? '', email: row.email ?? '' },
    team: toTeamInShort(row),
    created: row.created_at.toISOString(),
    createdBy: row.created_by,
  };
}

export function toAccess(row: AccessRow): Access {
  const id = `${row.user_id}/${row.id}`;
  return {
    id,
    ...toThrough(row),
    user: { id: row.user_id, name: row.user_name, email: row.email },
  };
}

/** The right by which somebody may do something. */
export function toThrough(
  row: Omit<AccessRow, 'user_id' | 'user_name' | 'email'>,
): Ability['through'][number] {
  return { ...toPlace(row), role: row.role, grant: { id: row.id }, team: toTeamInShort(row) };
}

/** A team as the log keeps it. */
export function toTeam(row: TeamRow): Recorded<'team'> {
  return {
    id: row.id,
    name: row.name,
    externalGroup: row.external_group,
    ...toPlace(row),
    added: row.created_at.toISOString(),
    createdBy: row.created_by,
    version: row.version,
  };
}

export function toTeamAnswer(row: TeamRow): Team {
  return { ...toTeam(row), memberCount: row.members };
}

/** A membership as the log keeps it. */
export function toMember({
  team_id,
  user_id,
  source,
}: Pick<MemberRow, 'team_id' | 'user_id' | 'source'>): Recorded<'teamMember'> {
  return { id: `${team_id}/${user_id}`, team: { id: team_id }, user: { id: user_id }, source };
}
