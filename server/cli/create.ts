import { userInfo } from 'node:os';
import { z } from 'zod';
import { titleName } from '#contract/fields.ts';
import { type OperationId, type ServiceInput, operations } from '#contract/operations.ts';
import { type UserRole, userRoles } from '#contract/permissions.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { perform, performInternally } from '../perform.ts';
import { createUser } from '../services/people/users.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';
import { findAccount, findScopeByText } from './scope.ts';

/** Who the operations log names for what the command line does. */
export function cliActor(): `cli:${string}` {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // A container may run under a number that has no name.
    return `cli:uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

export async function createAccount({ db }: CommandContext, name: string): Promise<Answer> {
  const { data } = await perform(db, {
    operation: 'accountCreate',
    caller: { kind: 'system', name: cliActor() },
    address: { level: 'global' },
    input: inputOf('accountCreate', { name }),
  });
  return { text: `Created the account "${data.name}" with the id ${data.id}.`, json: data };
}

/** @param account name or id of the account that the environment belongs to */
export async function createEnvironment(
  { db }: CommandContext,
  account: string,
  name: string,
): Promise<Answer> {
  const { data } = await perform(db, {
    operation: 'environmentCreate',
    caller: { kind: 'system', name: cliActor() },
    address: { level: 'account', accountId: await findAccount(db, account) },
    input: inputOf('environmentCreate', { name }),
  });
  return { text: `Created the environment "${data.name}" with the id ${data.id}.`, json: data };
}

export async function createUserAt(
  { db }: CommandContext,
  given: { email: string; name?: string; role: string; scope: string },
): Promise<Answer> {
  const parsed = z.email().safeParse(given.email);
  if (!parsed.success) throw new StartError(`"${given.email}" is not an e-mail address.`);
  const email = parsed.data.toLowerCase();
  const role = findRole(given.role);
  const name = titleName.safeParse(given.name ?? email);
  if (!name.success) throw new StartError(`The name ${name.error.issues[0]?.message}.`);
  const at = await findScopeByText(db, given.scope);
  const caller = { kind: 'system', name: cliActor() } as const;
  const step = { caller, operation: 'userCreate', scope: { scope: 'scalr' } } as const;
  const user = { email, name: name.data, role, at };
  const id = await performInternally(db, step, (ctx) => createUser(ctx, user));
  return {
    text: `Created the user ${email} with the id ${id}.`,
    json: { id, ...user },
  };
}

/** @throws StartError when there is no such role */
export function findRole(text: string): UserRole {
  const found = userRoles.find((role) => role === text.replaceAll('-', '_').toLowerCase());
  if (found) return found;
  throw new StartError(`"${text}" is not a role of users. The roles are ${userRoles.join(', ')}.`);
}

/** The input of an operation without parameters, checked as one from the network is. */
function inputOf<Id extends OperationId>(id: Id, body: unknown): ServiceInput<Id> {
  const spec = operations[id];
  const parsed = 'body' in spec ? spec.body.safeParse(body) : undefined;
  if (parsed?.success !== true) {
    const issue = parsed?.error.issues[0];
    throw new StartError(`The ${issue?.path.join('.')} is not accepted: ${issue?.message}.`);
  }
  return { params: {}, query: {}, body: parsed.data } as ServiceInput<Id>;
}
