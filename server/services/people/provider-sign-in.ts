import { titleName } from '#contract/fields.ts';
import type { SignInProblem } from '#contract/people/sign-in-problems.ts';
import {
  findBoundUser,
  findInvitedUser,
  insertIdentity,
  matchTeams,
  type MembershipRow,
  rejoinTeams,
} from '../../database/queries/people/identities.ts';
import { hasAdministrator } from '../../database/queries/people/sign-ins.ts';
import { insertUser } from '../../database/queries/people/users.ts';
import {
  planProviderSignIn,
  type ProviderPerson,
  type ProviderRules,
} from '../../domain/people/provider-sign-in.ts';
import type { Context } from '../context.ts';
import type { Change } from '../log-entry.ts';
import { toMember, toRecordedUser } from './present-people.ts';
import { beginSession } from './sessions.ts';

/** A session, or why there is none. */
export type ProviderSignIn =
  | { session: { token: string; expires: Date } }
  | { problem: SignInProblem; email: string | undefined };

/**
 * Signs in whom the provider has let in: binds or makes the user the first time, and makes their teams those of
 * their groups: docs/domain.md, "Signing in by a provider".
 */
export async function signInByProvider(
  ctx: Context,
  person: ProviderPerson,
  rules: ProviderRules,
): Promise<ProviderSignIn> {
  const decision = planProviderSignIn(person, await readFacts(ctx, person), rules);
  if (decision.kind === 'refused') return decision;
  const userId =
    decision.kind === 'create'
      ? await createNewcomer(ctx, decision.email, person.name)
      : decision.userId;
  if (decision.kind !== 'known') await insertIdentity(ctx.tx, userId, person);
  if (person.groups) await followGroups(ctx, userId, person.groups);
  return { session: await beginSession(ctx, userId, 'provider') };
}

async function readFacts({ tx }: Context, person: ProviderPerson) {
  const { email, issuer } = person;
  return {
    bound: await findBoundUser(tx, person),
    invited: email === undefined ? undefined : await findInvitedUser(tx, email, issuer),
    hasAdministrator: await hasAdministrator(tx),
  };
}

/** Somebody of an allowed domain, who may do nothing yet but through teams. */
async function createNewcomer(
  ctx: Context,
  email: string,
  name: string | undefined,
): Promise<number> {
  const known = titleName.safeParse(name ?? '');
  const user = await insertUser(ctx.tx, { email, name: known.success ? known.data : email });
  // The lock of Corporate is held since it was looked for.
  if (!user) throw new Error('A user came to be under the lock');
  ctx.record({ kind: 'user', after: toRecordedUser(user) });
  return user.id;
}

/** What a provider says of somebody's groups decides their teams, but never takes the last administrator away. */
async function followGroups(ctx: Context, userId: number, groups: readonly string[]) {
  const { joined, left } = await matchTeams(ctx.tx, userId, groups);
  const mayGo = left.length === 0 || (await hasAdministrator(ctx.tx));
  if (!mayGo) await rejoinTeams(ctx.tx, left);
  const changes: Change[] = [
    ...(mayGo
      ? left.map((row) => ({ kind: 'teamMember', before: toMembership(row) }) as const)
      : []),
    ...joined.map((row) => ({ kind: 'teamMember', after: toMembership(row) }) as const),
  ];
  for (const change of changes) ctx.record(change);
}

const toMembership = (row: MembershipRow) => toMember({ ...row, source: 'oidc' });
