import { randomBytes } from 'node:crypto';
import type { Data, Meta, OperationId, Operations, ServiceInput } from '#contract/operations.ts';
import { operations } from '#contract/operations.ts';
import type { OperationSpec } from '#contract/operation.ts';
import type { UserRole } from '#contract/permissions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { addressOf } from '../auth/authorise.ts';
import type { Db } from '../database/connection/connection.ts';
import { placeColumns } from '../database/queries/records/operations-log.ts';
import { type Answer, perform } from '../perform.ts';
import type { Clouds } from '../services/context.ts';
import { testSecrets } from './app.ts';

/**
 * A name that no other test uses: tests are kept apart by tenant, not by resets. A letter is in what is random: groups
 * of digits would make it a version of others (docs/domain.md, "Images").
 */
export function randomName(prefix: string): string {
  return `${prefix}-a${randomBytes(4).toString('hex').slice(1)}`;
}

/** Params and queries are text on the wire; tests may give numbers and booleans. */
type Loose<Values> = { [Name in keyof Values]: Values[Name] | number | boolean };

/** What a test sends: as a client would, before parsing. */
export interface CallInput<Id extends OperationId> {
  params?: Operations[Id] extends { params: infer P extends { _zod: { input: unknown } } }
    ? Loose<P['_zod']['input']>
    : never;
  query?: Loose<Operations[Id]['query']['_zod']['input']>;
  body?: Operations[Id] extends { body: infer B extends { _zod: { input: unknown } } }
    ? B['_zod']['input']
    : undefined;
  ifMatch?: number;
  digest?: string;
  /** Whether credentials may lead into one's own network; they may not, unless it is said. */
  clouds?: Clouds;
}

/** Somebody who calls operations, through the unit of work, as the HTTP layer would. */
export interface Client {
  email: string;
  /** Calls an operation at a scope. @throws ApiError; ZodError for input that the contract refuses */
  call<Id extends OperationId>(
    operation: Id,
    at: ScopeRef,
    input?: CallInput<Id>,
  ): Promise<Answer<Id> & { data: Data<Id>; meta?: Meta<Id> }>;
}

/** A user with one role at one scope. */
export async function createClient(db: Db, role: UserRole, at: ScopeRef): Promise<Client> {
  const email = `${randomName(role.replace('_', '-'))}@example.com`;
  const user = await db
    .insertInto('users')
    .values({ email, name: email })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('grants')
    .values({ user_id: user.id, role, ...placeColumns(at) })
    .execute();
  return {
    email,
    call: (operation, scope, input = {}) =>
      perform(db, {
        operation,
        caller: { kind: 'user', userId: user.id, email },
        address: addressOf(scope),
        input: parseInput(operation, input),
        ifMatch: input.ifMatch,
        planDigest: input.digest,
        clouds: input.clouds,
        credential: 'session:test',
        secrets: testSecrets,
        channels: { mail: true, webhook: false, address: 'https://slipway.test' },
      }),
  };
}

function parseInput<Id extends OperationId>(id: Id, input: CallInput<Id>): ServiceInput<Id> {
  const spec: OperationSpec = operations[id];
  // The parts come out of the operation's own schemas, so they have its types.
  return {
    params: spec.params.parse(stringified(input.params ?? {})),
    query: spec.query.parse(stringified(input.query ?? {})),
    body: spec.body?.parse(input.body ?? {}),
  } as ServiceInput<Id>;
}

function stringified(values: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  );
}

export interface Tenant {
  corporate: ScopeRef & { scope: 'scalr' };
  account: ScopeRef & { scope: 'account' };
  /** Two environments of the account. */
  environment: ScopeRef & { scope: 'environment' };
  otherEnvironment: ScopeRef & { scope: 'environment' };
  /** An administrator of everything. */
  corporateAdmin: Client;
  /** An administrator of the account. */
  accountAdmin: Client;
  /** An administrator of `environment` alone. */
  environmentAdmin: Client;
  /** A viewer of the account. */
  viewer: Client;
  /** A category that every scope sees, of the reference data. */
  categoryId: number;
}

/** An account of its own with two environments and people: one per test. */
export async function createTenant(db: Db): Promise<Tenant> {
  const account = await db
    .insertInto('accounts')
    .values({ name: randomName('account') })
    .returning('id')
    .executeTakeFirstOrThrow();
  const accountRef = { scope: 'account', accountId: account.id } as const;
  const environment = await createEnvironment(db, account.id);
  const corporate = { scope: 'scalr' } as const;
  return {
    corporate,
    account: accountRef,
    environment,
    otherEnvironment: await createEnvironment(db, account.id),
    corporateAdmin: await createClient(db, 'administrator', corporate),
    accountAdmin: await createClient(db, 'administrator', accountRef),
    environmentAdmin: await createClient(db, 'administrator', environment),
    viewer: await createClient(db, 'viewer', accountRef),
    categoryId: 1,
  };
}

async function createEnvironment(
  db: Db,
  accountId: number,
): Promise<ScopeRef & { scope: 'environment' }> {
  const row = await db
    .insertInto('environments')
    .values({ account_id: accountId, name: randomName('environment') })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { scope: 'environment', accountId, environmentId: row.id };
}
