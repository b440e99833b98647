import { objectQuery, operationQuery, useOperation } from '../query.ts';
import type { Input } from '../request.ts';
import type { PathScope } from '../../util/paths.ts';

export type UserListInput = NonNullable<Input<'userList'>['query']>;
export type TeamListInput = NonNullable<Input<'teamList'>['query']>;

/** A page of the people that a scope sees, with what they hold there. */
export function userListQuery(at: PathScope, query: UserListInput = {}) {
  return operationQuery('userList', at, { query });
}

/** A user with all that an administrator must know to decide about them. */
export function userQuery(at: PathScope, userId: string | number) {
  return objectQuery('userGet', at, { params: { userId }, query: { include: ['actions'] } });
}

/** What a user may do at a scope, and through which rights. */
export function userAbilityQuery(at: PathScope, userId: string | number) {
  return objectQuery('userAbilityGet', at, { params: { userId } });
}

/** What the one who is signed in may do at a scope. */
export function abilityQuery(at: PathScope) {
  return objectQuery('abilityGet', at, {});
}

/**
 * A page of who may do what at a scope, and by which right.
 * @public The list of people says it of each.
 */
export function accessListQuery(
  at: PathScope,
  query: NonNullable<Input<'accessList'>['query']> = {},
) {
  return operationQuery('accessList', at, { query });
}

/** Lets somebody in: `change({ body: { email, role } })`. Its answer has the link. */
export function useInviteUser(at: PathScope) {
  return useOperation('userInvite', at);
}

/** Makes a new link: `change({ params: { userId }, body: {} })`. */
export function useInviteAgain(at: PathScope) {
  return useOperation('userInviteAgain', at);
}

/** Shuts a user out: `change({ params: { userId }, body: {}, ifMatch })`. */
export function useSuspendUser(at: PathScope) {
  return useOperation('userSuspend', at);
}

/** Lets a suspended user in again, in the same form. */
export function useRestoreUser(at: PathScope) {
  return useOperation('userRestore', at);
}

/** Ends all sessions of a user, in the same form. */
export function useEndSessions(at: PathScope) {
  return useOperation('userEndSessions', at);
}

/** Has them begin anew: `change({ params: { userId }, body: {}, ifMatch })`. Its answer has the link. */
export function useResetSignIn(at: PathScope) {
  return useOperation('userResetSignIn', at);
}

/** Has a user leave: `change({ params: { userId }, body: { newOwner }, ifMatch })`. */
export function useRemoveUser(at: PathScope) {
  return useOperation('userRemove', at);
}

/**
 * A right.
 * @public Users and teams have all that a page shows.
 */
export function grantQuery(at: PathScope, grantId: number) {
  return objectQuery('grantGet', at, { params: { grantId } });
}

/** Gives a role: `change({ body: { role, user } })`, or to a team. */
export function useGiveRole(at: PathScope) {
  return useOperation('grantCreate', at);
}

/** Takes a right away: `change({ params: { grantId } })`. */
export function useTakeRight(at: PathScope) {
  return useOperation('grantDelete', at);
}

/** A page of the teams that a scope sees. */
export function teamListQuery(at: PathScope, query: TeamListInput = {}) {
  return operationQuery('teamList', at, { query });
}

/** A team with its members and rights. */
export function teamQuery(at: PathScope, teamId: string | number) {
  return objectQuery('teamGet', at, {
    params: { teamId },
    query: { include: ['grants', 'members'] },
  });
}

/** Creates a team: `change({ body: { name, externalGroup } })`. */
export function useCreateTeam(at: PathScope) {
  return useOperation('teamCreate', at);
}

/** Changes it: `change({ params: { teamId }, body, ifMatch: version })`. */
export function useUpdateTeam(at: PathScope) {
  return useOperation('teamUpdate', at);
}

/** Deletes it: `change({ params: { teamId }, ifMatch: version })`. */
export function useDeleteTeam(at: PathScope) {
  return useOperation('teamDelete', at);
}

/** Puts a user into it: `change({ params: { teamId }, body: { user } })`. */
export function useAddMember(at: PathScope) {
  return useOperation('teamMemberAdd', at);
}

/** Takes a user out of it: `change({ params: { teamId, userId } })`. */
export function useRemoveMember(at: PathScope) {
  return useOperation('teamMemberRemove', at, () => undefined);
}
