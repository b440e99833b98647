import { z } from 'zod';
import {
  type Data,
  type OperationId,
  operations,
  type ServiceInput,
} from '#contract/operations.ts';
import type { Grant } from '#contract/people/grants.ts';
import type { User, UserDetail } from '#contract/people/users.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { addressOf } from '../auth/authorise.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { perform } from '../perform.ts';
import { placeColumns } from '../database/queries/records/operations-log.ts';
import { cliActor, findRole } from './create.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';
import { findScopeByText } from './scope.ts';

export const corporate = { scope: 'scalr' } as const;

/** Calls an operation as the command line, with what was typed checked as what comes from the network is. */
export async function call<Id extends OperationId>(
  { db, baseUrl }: CommandContext,
  operation: Id,
  at: ScopeRef,
  given: { params?: object; query?: object; body?: object } = {},
): Promise<Data<Id>> {
  const spec = operations[operation];
  const schema = z.object({
    params: spec.params,
    query: spec.query,
    body: 'body' in spec ? spec.body : z.undefined().optional(),
  });
  const input = schema.safeParse({ params: {}, query: {}, ...given });
  if (!input.success) throw new StartError(z.prettifyError(input.error));
  const { data } = await perform(db, {
    operation,
    caller: { kind: 'system', name: cliActor() },
    address: addressOf(at),
    input: input.data as unknown as ServiceInput<Id>,
    channels: { mail: false, webhook: false, address: baseUrl },
  });
  return data;
}

/** A user by e-mail address, whatever their status. */
export async function findUser(context: CommandContext, email: string): Promise<User> {
  const wanted = email.trim().toLowerCase();
  const query = { query: wanted, maxResults: '100' };
  for (const status of [undefined, 'left']) {
    const found = await call(context, 'userList', corporate, {
      query: { ...query, ...(status && { status }) },
    });
    const user = found.find((one) => one.email === wanted);
    if (user) return user;
  }
  throw new StartError(`There is no user with the e-mail address ${email}.`);
}

interface ListOptions {
  scope: string;
  query?: string;
  status?: string;
}

export async function listUsers(context: CommandContext, options: ListOptions): Promise<Answer> {
  const { scope, ...filters } = options;
  const at = await findScopeByText(context.db, scope);
  const data = await call(context, 'userList', at, { query: { ...filters, maxResults: '100' } });
  const lines = data.map(({ email, name, status, grants }) => {
    const held = grants.map(describeGrant).join(', ') || 'no rights';
    return `${email}  ${name}${status === 'active' ? '' : ` (${status})`}: ${held}`;
  });
  return { text: lines.join('\n') || 'Nobody holds a right there.', json: data };
}

/** A right in words, such as `publisher at account Payments (by team Release)`. */
export function describeGrant({ role, team, ...place }: Grant): string {
  const where =
    place.scope === 'scalr'
      ? 'Corporate'
      : place.scope === 'account'
        ? `account ${place.accountName}`
        : `environment ${place.accountName}/${place.envName}`;
  return `${role} at ${where}${team ? ` (by team ${team.name})` : ''}`;
}

export interface RoleOptions {
  role: string;
  scope: string;
}

export async function inviteUser(
  context: CommandContext,
  { email, name, role, scope }: RoleOptions & { email: string; name?: string },
): Promise<Answer> {
  const at = await findScopeByText(context.db, scope);
  const body = { email, role: findRole(role), ...(name !== undefined && { name }) };
  const data = await call(context, 'userInvite', at, { body });
  const { user, grant, link } = data;
  return {
    text: link
      ? `${user.email} is ${describeGrant(grant)}. This link signs them in once, until ${link.expires}:\n${link.url}`
      : `${user.email} was there already, and is ${describeGrant(grant)} now.`,
    json: data,
  };
}

const acts = {
  suspend: ['userSuspend', 'is suspended'],
  restore: ['userRestore', 'is let in again'],
  'end-sessions': ['userEndSessions', 'has no session any more'],
} as const;

export async function actOnUser(
  context: CommandContext,
  email: string,
  verb: keyof typeof acts,
): Promise<Answer> {
  const [operation, words] = acts[verb];
  const { id } = await findUser(context, email);
  const params = { userId: String(id) };
  const data = await call(context, operation, corporate, { params, body: {} });
  return { text: `${data.email} ${words}.`, json: data };
}

export async function removeUser(
  context: CommandContext,
  { user, farmsTo }: { user: string; farmsTo?: string },
): Promise<Answer> {
  const { id } = await findUser(context, user);
  const body = farmsTo === undefined ? {} : { newOwner: (await findUser(context, farmsTo)).id };
  const data = await call(context, 'userRemove', corporate, {
    params: { userId: String(id) },
    body,
  });
  return { text: `${data.email} has left.`, json: data };
}

/** Whose right it is: a user by e-mail address, or a team by its number. */
interface HolderOptions extends RoleOptions {
  user?: string;
  team?: string;
}

export async function giveRight(context: CommandContext, options: HolderOptions): Promise<Answer> {
  const at = await findScopeByText(context.db, options.scope);
  const role = findRole(options.role);
  const { email, teamId } = await findHolder(context, options);
  const grant =
    email === undefined
      ? await call(context, 'grantCreate', at, { body: { role, team: teamId } })
      : (await call(context, 'userInvite', at, { body: { role, email } })).grant;
  return {
    text: `${holderName(grant)} is ${describeGrant({ ...grant, team: null })}.`,
    json: grant,
  };
}

export async function takeRight(context: CommandContext, options: HolderOptions): Promise<Answer> {
  const at = placeColumns(await findScopeByText(context.db, options.scope));
  const role = findRole(options.role);
  const { grants } = await findHolder(context, options);
  const found = grants.find(
    (grant) =>
      grant.role === role &&
      grant.scope === at.scope &&
      grant.accountId === at.account_id &&
      grant.envId === at.environment_id,
  );
  if (!found) throw new StartError(`They were not given the role ${role} at ${options.scope}.`);
  await call(context, 'grantDelete', corporate, { params: { grantId: String(found.id) } });
  return {
    text: `${holderName(found)} is no longer ${describeGrant({ ...found, team: null })}.`,
    json: found,
  };
}

function holderName({ user, team }: Grant): string {
  return user?.email ?? `The team ${team?.name}`;
}

/** @returns the rights that are theirs alone, not those of a team that they are in */
async function findHolder(
  context: CommandContext,
  { user, team }: HolderOptions,
): Promise<{ email?: string; teamId?: number; grants: Grant[] }> {
  if ((user === undefined) === (team === undefined))
    throw new StartError('Say whose right it is: with --user, or with --team.');
  if (team !== undefined) {
    const asked = { params: { teamId: team }, query: { include: 'grants' } };
    const { id, grants = [] } = await call(context, 'teamGet', corporate, asked);
    return { teamId: id, grants };
  }
  const { id, email } = await findUser(context, user ?? '');
  const data: UserDetail = await call(context, 'userGet', corporate, {
    params: { userId: String(id) },
  });
  return { email, grants: data.grants.filter((grant) => grant.user !== null) };
}
