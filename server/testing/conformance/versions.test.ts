import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import { buildTestApp } from '../app.ts';
import { withDatabase } from '../database.ts';
import { createTenant, type Tenant } from '../harness.ts';
import { createKey, type Key } from '../signed-client.ts';
import { type ConformanceClient, type Input, openConformanceClient } from './client.ts';
import { openSessionCookie, sampleOf } from './samples.ts';
import { everywhere, type Level } from './specification.ts';

// If-Match, walked over the contract: an operation that forgets to compare versions is found by being there.

const database = withDatabase();
let app: FastifyInstance;
let client: ConformanceClient;
let tenant: Tenant;
let key: Key;
let cookie: Record<string, string>;

beforeAll(async () => {
  const { db } = database;
  app = buildTestApp(db);
  client = await openConformanceClient(app);
  tenant = await createTenant(db);
  key = await createKey(db, tenant.corporateAdmin.email);
  cookie = await openSessionCookie(db, tenant.corporateAdmin.email);
});
afterAll(() => app.close());

const specOf = (id: OperationId): OperationSpec => operations[id];

/** Sessions are no objects with versions; whoever may only look changes nothing. */
const changing = everywhere.filter(([, , id]) => {
  const { method, permission, path, keeps } = specOf(id);
  const looks = permission === 'view' && keeps !== true;
  return method !== 'GET' && !looks && permission !== 'none' && !path.startsWith('/session');
});
const ofObjects = changing.filter(([, , id]) => specOf(id).path.includes('{'));

/** The read of the object that the path of a change names: the longest one that it starts with. */
function readOf(id: OperationId): OperationId | undefined {
  const { path } = specOf(id);
  const reads = (Object.values(operations) as OperationSpec[]).filter(
    (spec) => spec.method === 'GET' && spec.kind === 'object' && path.startsWith(spec.path),
  );
  return reads.sort((a, b) => b.path.length - a.path.length)[0]?.id as OperationId | undefined;
}

async function send<Data>(level: Level, id: OperationId, input: Input, ifMatch?: string) {
  const condition: Record<string, string> = ifMatch === undefined ? {} : { 'if-match': ifMatch };
  return level === 'self'
    ? client.send<Data>(undefined, level, id, input, { ...cookie, ...condition })
    : client.send<Data>(key, level, id, input, condition);
}

/** The version of an object as `If-Match` names it. */
async function etagOf(level: Level, id: OperationId, { params = {} }: Input): Promise<string> {
  const read = readOf(id);
  if (read) return String((await send(level, read, { params })).headers['etag']);
  // These are read all at once.
  const { passkeyId, subscriptionId, keyId } = params;
  const keys = level === 'self' ? 'apiKeyList' : 'userKeyList';
  const list = passkeyId ? 'passkeyList' : subscriptionId ? 'subscriptionList' : keys;
  const { data } = await send<{ id: string | number; version: number }[]>(level, list, { params });
  return `"${data.find((one) => one.id === (passkeyId ?? subscriptionId ?? keyId))?.version}"`;
}

async function countChanges(): Promise<number> {
  const rows = await database.db.selectFrom('operations_log').select('revision').execute();
  return rows.length;
}

it('every object that can be changed can be read with its version', () => {
  const without = ofObjects.map(([, , id]) => id).filter((id) => readOf(id) === undefined);
  expect(new Set(without)).toEqual(
    new Set([
      'apiKeyUpdate',
      'apiKeyDelete',
      'userKeyDisable',
      'passkeyUpdate',
      'passkeyDelete',
      'subscriptionUpdate',
      'subscriptionDelete',
    ]),
  );
});

describe('a version that is not the current one', () => {
  it.each(changing)('%s is refused with 412 and changes nothing', async (_, level, id) => {
    const sample = await sampleOf(database.db, tenant, level, id);
    const before = await countChanges();
    const answer = await send(level, id, sample, '"999999999"');
    expect(answer.errors?.[0].code).toBe('PreconditionFailed');
    expect(answer.status).toBe(412);
    expect(await countChanges()).toBe(before);
  });
});

describe('the version that was read', () => {
  it.each(ofObjects)('%s is carried out, and a change raises it', async (_, level, id) => {
    const sample = await sampleOf(database.db, tenant, level, id);
    const before = await countChanges();
    const etag = await etagOf(level, id, sample);
    expect(etag).toMatch(/^"[1-9][0-9]*"$/);
    const answer = await send(level, id, sample, etag);
    expect(answer.errors).toBeUndefined();
    expect(answer.status).toBe(operations[id].status);
    // A body may say what is so already.
    if (specOf(id).method !== 'PATCH' || (await countChanges()) === before) return;
    expect(await etagOf(level, id, sample)).not.toBe(etag);
    const again = await send(level, id, sample, etag);
    expect(again.status, 'whoever comes second, with the version from before').toBe(412);
  });
});
