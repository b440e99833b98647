import { type Kysely, sql } from 'kysely';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { answerSchema, type ErrorEnvelope, errorEnvelopeSchema } from '#contract/envelope.ts';
import { errorStatus } from '#contract/errors.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { policyKinds } from '#contract/policies/rules.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { checkInvariants } from '../database/invariants.ts';
import { placeColumns } from '../database/queries/records/operations-log.ts';
import type { Database } from '../database/schema.ts';
import { type Browser, buildTestApp, openBrowser } from '../testing/app.ts';
import { insertCredentials } from '../testing/credentials.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../testing/factories.ts';
import type { Hole, Pool } from '../testing/fuzz/pools.ts';
import { type FuzzRequest, fuzzRequests } from '../testing/fuzz/requests.ts';
import { createTenant, randomName, type Tenant } from '../testing/harness.ts';
import { insertFoundImage } from '../testing/inventory.ts';
import { createKey } from '../testing/signed-client.ts';

// Whatever is asked for, by whomever: an answer in the envelope of the contract, and a refusal changes
// nothing. SLIPWAY_FUZZ_SEED repeats a run.

const full = process.env.SLIPWAY_TEST_FULL === '1';
// As many for each operation, however many there are; in full 200,000.
const usual = full ? 200_000 : 40 * Object.keys(operations).length;
const count = Number(process.env.SLIPWAY_FUZZ_COUNT ?? usual);
const seed = Number(process.env.SLIPWAY_FUZZ_SEED ?? Date.now() % 1_000_000_007);

const database = withDatabase();
let app: FastifyInstance;
let browsers: Browser[];
let emails: string[];
const pools: Record<Pool, string[]> = {
  image: [],
  imageSet: [],
  role: [],
  farm: [],
  farmRole: [],
  server: [],
  roleCategory: [],
  project: [],
  apiKey: [],
  replacement: [],
  rollout: [],
  cloudCredentials: [],
  cloudImage: [],
  policy: [],
  policyEvaluation: [],
  operation: [],
  account: [],
  environment: [],
  user: [],
  member: [],
  team: [],
  grant: [],
  cursor: [],
};

async function fill(t: Tenant): Promise<void> {
  const { db } = database;
  for (const at of [t.corporate, t.account, t.environment, t.otherEnvironment]) {
    await insertFoundImage(db, at);
    const used = await insertImage(db, at);
    const role = await insertRole(db, at, [used.id]);
    const farmAt = at.scope === 'environment' ? at : t.environment;
    const { farmRoleId } = await insertFarm(db, farmAt, role.id);
    await insertServers(db, farmRoleId, used.id, 2);
    await insertServers(db, farmRoleId, used.id, 1, 'terminated');
    await insertRole(db, at);
    if (at.scope !== 'scalr')
      await t.corporateAdmin.call('projectCreate', at, {
        body: {
          name: randomName('p'),
          costCenter: '00000000-0000-4000-8000-000000000001',
          billingCode: 'P',
          leadEmail: 'lead@example.com',
        },
      });
    await db
      .insertInto('role_categories')
      .values({ name: randomName('c'), ...placeColumns(at) })
      .execute();
    const next = await insertImage(db, at);
    const input = { params: { imageId: used.id }, body: { newImage: next.id } };
    await t.corporateAdmin.call('imageReplace', at, input);
    await t.corporateAdmin.call('rolloutPlan', at, { body: {} });
    await insertCredentials(db, at);
    await makePolicies(t, at);
    await insertPeople(at);
    await insertImage(db, at, { cloud_platform: 'gce', cloud_location: '' });
    await insertImage(db, at, { architecture: 'aarch64' });
    await insertImage(db, at, { status: 'failed', status_error: 'The cloud said no.' });
    await insertImage(db, at, { deprecated_at: new Date(), deprecated_by: 'test@example.com' });
  }
}

/** One of each kind, evaluated. */
async function makePolicies(t: Tenant, at: ScopeRef): Promise<void> {
  for (const kind of policyKinds) {
    const body = { name: randomName('policy'), kind, rule: {} };
    const { data } = await t.corporateAdmin.call('policyCreate', at, { body });
    const params = { policyId: data.id };
    await t.corporateAdmin.call('policyEvaluate', at, { params, body: {} });
  }
}

/** Two people who may be shut out, with a right each, and a team. */
async function insertPeople(at: ScopeRef): Promise<void> {
  const { db } = database;
  for (const role of ['viewer', 'operator'] as const) {
    const email = `${randomName('member')}@example.com`;
    const user = await db
      .insertInto('users')
      .values({ email, name: email })
      .returning('id')
      .executeTakeFirstOrThrow();
    const grant = await db
      .insertInto('grants')
      .values({ user_id: user.id, role, ...placeColumns(at) })
      .returning('id')
      .executeTakeFirstOrThrow();
    pools.member.push(String(user.id));
    pools.grant.push(String(grant.id));
  }
  const team = { name: randomName('team'), created_by: 'test', ...placeColumns(at) };
  await db.insertInto('teams').values(team).execute();
}

/** What is used up: what earlier requests have deleted, ended or made of no use to others. */
const usedUp = new Set<string>();

async function readPool(pool: Pool, table: keyof Database): Promise<void> {
  const { rows } = await sql<{
    id: string | number;
  }>`SELECT id FROM ${sql.table(table)} ORDER BY id`.execute(database.db);
  pools[pool] = rows.map(({ id }) => String(id)).filter((id) => !usedUp.has(`${pool} ${id}`));
}

async function readPools(): Promise<void> {
  await readPool('image', 'images');
  await readPool('imageSet', 'image_sets');
  await readPool('role', 'roles');
  await readPool('farm', 'farms');
  await readPool('farmRole', 'farm_roles');
  await readPool('server', 'servers');
  await readPool('roleCategory', 'role_categories');
  await readPool('project', 'projects');
  await readPool('apiKey', 'api_keys');
  await readPool('replacement', 'replacements');
  await readPool('rollout', 'rollouts');
  await readPool('cloudCredentials', 'cloud_credentials');
  const found = await database.db.selectFrom('inventory_images').select('key').execute();
  pools.cloudImage = found.map(({ key }) => key);
  await readPool('policy', 'policies');
  await readPool('policyEvaluation', 'policy_evaluations');
  await readPool('operation', 'operations');
  await readPool('account', 'accounts');
  await readPool('environment', 'environments');
  await readPool('user', 'users');
  await readPool('team', 'teams');
}

/** How many requests one estate is good for: they delete more and more of it. */
const perEstate = 10_000;

/** Lets requests go to two new tenants, and come from people of the first one. */
async function begin(): Promise<void> {
  await readPools();
  for (const [pool, ids] of Object.entries(pools))
    for (const id of ids) usedUp.add(`${pool} ${id}`);
  for (const pool of ['member', 'grant', 'cursor'] as const) pools[pool] = [];
  const tenant = await createTenant(database.db);
  await fill(tenant);
  await fill(await createTenant(database.db));
  emails = [tenant.corporateAdmin.email, tenant.accountAdmin.email, tenant.viewer.email];
  for (const email of emails) await createKey(database.db, email);
  await readPools();
  browsers = await Promise.all(emails.map((email) => openBrowser(app, database.db, email)));
}

beforeAll(() => {
  app = buildTestApp(database.db);
});
afterAll(() => app.close());

/** Puts ids where the holes are. In a body ids of tables with numbers are numbers. */
function filled(value: unknown, asText: boolean): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => filled(item, asText));
  if (isHole(value)) {
    const text = textOf(value);
    return !asText && /^[0-9]{1,10}$/.test(text) ? Number(text) : text;
  }
  const entries = Object.entries(value).map(([key, one]) => [key, filled(one, asText)] as const);
  return Object.fromEntries(entries);
}

function isHole(value: object): value is Hole {
  return 'pool' in value && 'place' in value;
}

function textOf({ pool, place, spoil }: Hole): string {
  const ids = pools[pool];
  // Small places are exact; of the others many are among the newest, which are more interesting.
  const newest = ids.length - 1 - (place % Math.min(ids.length, 8));
  const text = ids[place < 10 ? place : place % 3 === 0 ? newest : place % ids.length] ?? '1';
  if (spoil === 'upper') return text.toUpperCase();
  if (spoil === 'cut') return text.slice(0, -1);
  if (spoil === 'append') return `${text}A`;
  if (spoil === 'flip') return (text.startsWith('a') ? 'b' : 'a') + text.slice(1);
  return text;
}

/** The request in the environment where its farm, farm role or server is. */
async function broughtToFarm(request: FuzzRequest): Promise<FuzzRequest> {
  const { farmId, farmRoleId, serverId } = request.params;
  const named = farmId ?? farmRoleId ?? serverId;
  if (typeof named !== 'object' || named.spoil) return request;
  const table = farmId ? sql`farms` : farmRoleId ? sql`farm_roles` : sql`servers`;
  const { rows } = await sql<{ at: string }>`
    SELECT environment_id::text AS at FROM ${table} t WHERE t.id::text = ${textOf(named)}`.execute(
    database.db,
  );
  const [home] = rows;
  return home ? { ...request, level: 'user', scope: home.at } : request;
}

/** Tables of what a parameter names, each with the scope where it lives. */
const homes = {
  roleId: 'roles',
  imageId: 'images',
  projectId: 'projects',
  imageSetId: 'image_sets',
  replacementId: 'replacements',
  rolloutId: 'rollouts',
  cloudCredentialsId: 'cloud_credentials',
  policyId: 'policies',
  teamId: 'teams',
  grantId: 'grants',
} as const;

/** The request at the scope where what it names lives, and with an image that the role holds. */
async function broughtHome(request: FuzzRequest): Promise<FuzzRequest> {
  const { roleId, imageId, farmId, farmRoleId, serverId } = request.params;
  const names = Object.keys(homes) as (keyof typeof homes)[];
  const name = names.find((one) => request.params[one] !== undefined) ?? 'roleId';
  const named = request.params[name];
  if (request.atHome && (farmId ?? farmRoleId ?? serverId) !== undefined)
    return broughtToFarm(request);
  if (!request.atHome || typeof named !== 'object' || named.spoil) return request;
  const { rows } = await sql<{ level: FuzzRequest['level']; at: string; image: string | null }>`
    SELECT CASE scope WHEN 'scalr' THEN 'global' WHEN 'account' THEN 'account' ELSE 'user' END AS level,
      coalesce(environment_id, account_id, 0)::text AS at,
      ${roleId ? sql`(SELECT image_id FROM role_images WHERE role_id = t.id LIMIT 1)` : sql`NULL`} AS image
    FROM ${sql.table(homes[name])} t WHERE t.id::text = ${textOf(named)}`.execute(database.db);
  const [home] = rows;
  const spec: OperationSpec = operations[request.id];
  if (!home || !spec.levels.includes(home.level)) return request;
  const params = { ...request.params };
  if (imageId && home.image !== null) params.imageId = home.image;
  return { ...request, level: home.level, scope: home.at, params };
}

function urlOf(request: FuzzRequest): string {
  const spec: OperationSpec = operations[request.id];
  const part = (value: Hole | string) =>
    typeof value === 'string' ? value : encodeURIComponent(textOf(value));
  const base = {
    global: '/global',
    account: `/account/${part(request.scope)}`,
    user: `/user/${part(request.scope)}`,
    self: '/self',
  }[request.level];
  const path = spec.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    part(request.params[name] ?? '1'),
  );
  const query = request.query
    .map(([name, value]) => [name, filled(unwrapped(value), true)])
    .map(
      ([name, value]) => `${encodeURIComponent(String(name))}=${encodeURIComponent(String(value))}`,
    );
  return base + path + (query.length > 0 ? `?${query.join('&')}` : '');
}

/** A query has no `{id}`: the id itself. */
function unwrapped(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
}

async function send(asked: FuzzRequest): Promise<{ answer: LightMyRequestResponse; sent: string }> {
  const request = await broughtHome(asked);
  const { method } = operations[request.id];
  const body =
    request.body === undefined ? undefined : (JSON.stringify(filled(request.body, false)) ?? '');
  const url = urlOf(request);
  const headers: Record<string, string> =
    request.ifMatch === undefined ? {} : { 'if-match': request.ifMatch };
  const answer = await (browsers[request.who] as Browser).send(method, url, body, headers);
  if (request.id === 'sessionDelete' && answer.statusCode < 300)
    browsers[request.who] = await openBrowser(app, database.db, emails[request.who] ?? '');
  const who = ['corporate admin', 'account admin', 'viewer'][request.who];
  return { answer, sent: `${who}: ${request.id} ${method} ${url} ${body ?? ''}`.slice(0, 600) };
}

/** What is wrong with an answer, or undefined. */
function problemOf({ id }: FuzzRequest, answer: LightMyRequestResponse): string | undefined {
  const spec: OperationSpec = operations[id];
  if (answer.statusCode >= 500) return `answers ${answer.statusCode}`;
  const succeeded = answer.statusCode < 300;
  if (succeeded && spec.kind === 'csv') return undefined;
  const envelope: unknown = answer.json();
  const parsed = (succeeded ? answerSchema(spec) : errorEnvelopeSchema).safeParse(envelope);
  if (!parsed.success) return z.prettifyError(parsed.error);
  // A member that the contract does not have is lost in parsing.
  if (JSON.stringify(sorted(parsed.data)) !== JSON.stringify(sorted(envelope)))
    return 'answers with members that the contract does not have';
  if (succeeded) return undefined;
  const [error] = (parsed.data as ErrorEnvelope).errors;
  if (!error || error.message.length < 10 || error.message.length > 2_000)
    return 'says too little, or too much';
  const { code } = error;
  return errorStatus[code] === answer.statusCode ? undefined : `${code} with ${answer.statusCode}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

/** Everything that a refused request must leave alone, in one text. */
async function digest(db: Kysely<Database>): Promise<string> {
  const tables = [
    'accounts',
    'environments',
    'grants',
    'teams',
    'team_members',
    'images',
    'roles',
    'role_images',
    'role_categories',
    'farms',
    'farm_roles',
    'servers',
    'projects',
    'api_keys',
    'passkeys',
    'subscriptions',
    'cloud_credentials',
    'environment_clouds',
    'policies',
    'policy_evaluations',
    'outbox',
  ] as const;
  const sums = tables.map(
    (table) =>
      sql`(SELECT coalesce(sum(hashtextextended(t::text, 0)), 0) FROM ${sql.table(table)} t)::text`,
  );
  const counted = [
    'operations_log',
    'role_image_history',
    'replacements',
    'replacement_roles',
  ] as const;
  const counts = counted.map((table) => sql`(SELECT count(*) FROM ${sql.table(table)})::text`);
  const revisions = sql`(SELECT sum(revision) FROM revisions)::text`;
  const { rows } = await sql<{ digest: string }>`
    SELECT concat_ws(' ', ${sql.join([...sums, ...counts, revisions])}) AS digest`.execute(db);
  return rows[0]?.digest ?? '';
}

/** Ids and cursors of an answer join the pools, so that later requests meet what earlier ones made. */
function learn({ id }: FuzzRequest, answer: LightMyRequestResponse): void {
  if (answer.statusCode >= 300 || operations[id].kind === 'csv') return;
  const { data, meta, pagination } = answer.json();
  if (answer.statusCode === 201) {
    if (id === 'imageCreate') pools.image.push(data.id);
    if (id === 'roleCreate' || id === 'roleClone') pools.role.push(String(data.id));
    if (id === 'accountCreate') pools.account.push(String(data.id));
    if (id === 'environmentCreate') pools.environment.push(String(data.id));
  }
  if (meta.replacement) pools.replacement.push(meta.replacement.id);
  for (const link of [pagination?.next, pagination?.prev]) {
    const cursor = link && new URL(link, 'http://slipway').searchParams.get('cursor');
    if (cursor) pools.cursor.push(cursor);
  }
}

test(
  `${count} requests of every kind are answered within the contract, and refusals change nothing (seed ${seed})`,
  async () => {
    const problems: string[] = [];
    const succeeded = new Set<string>();
    let before = '';
    for (const [index, request] of fuzzRequests(count, seed).entries()) {
      if (index % perEstate === 0) {
        await begin();
        before = await digest(database.db);
      }
      const { answer, sent } = await send(request);
      const problem = problemOf(request, answer);
      if (problem !== undefined)
        problems.push(`${sent}\n  ${problem}\n  ${answer.body.slice(0, 400)}`);
      learn(request, answer);
      if (answer.statusCode < 300) succeeded.add(request.id);
      const { method, permission, keeps }: OperationSpec = operations[request.id];
      // Reads change nothing in a transaction that is read only; a look at every tenth is enough.
      if (method === 'GET' && index % 10 !== 0) continue;
      const after = await digest(database.db);
      const mayChange = (permission !== 'view' || keeps === true) && answer.statusCode < 300;
      if (after !== before && !mayChange)
        problems.push(`${sent}\n  changed something: ${answer.statusCode}`);
      before = after;
    }
    expect(problems, `seed ${seed}`).toEqual([]);
    // The fuzz gets past the first check of most operations.
    const never = Object.keys(operations).filter((id) => !succeeded.has(id));
    const most = full ? 0.06 : 0.3;
    const share = never.length / Object.keys(operations).length;
    expect(share, `never succeeded: ${never.join(', ')}`).toBeLessThan(most);
    expect(await checkInvariants(database.db)).toEqual([]);
  },
  full ? 5_400_000 : 900_000,
);
