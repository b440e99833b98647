import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import { loadEstate } from '../../database/estate/load.ts';
import { buildTestApp } from '../app.ts';
import { withDatabase } from '../database.ts';
import { insertFoundImage } from '../inventory.ts';
import { createKey, type Key } from '../signed-client.ts';
import {
  type Answer,
  type ConformanceClient,
  type Input,
  openConformanceClient,
} from './client.ts';
import { defaultOrder, keyOf, type Row, untoldValue, valuesOf } from './rows.ts';
import { everywhere, type Level } from './specification.ts';

// Every list of the demo estate, at every level: its pages, its order, and each of its filters against
// what the whole list says.

const database = withDatabase();
let app: FastifyInstance;
let client: ConformanceClient;
let key: Key;

// Storefront, and its production: much is going on there.
const scopes = { accountId: 1, envId: 3 };
// With `at` another moment is asked about: server/services/images/images-then.test.ts has it.
const notFilters = ['pageNum', 'maxResults', 'cursor', 'sort', 'include', 'by', 'roleId', 'at'];
const include: Partial<Record<OperationId, string>> = {
  imageList: 'usage',
  roleList: 'usage,images',
  farmList: 'usage',
};
const required: Partial<Record<OperationId, Record<string, string>>> = {
  usageGroupList: { by: 'farm' },
};

const lists = everywhere.filter(
  ([, level, id]) => operations[id].kind === 'list' && level !== 'self',
);

beforeAll(async () => {
  const { db } = database;
  await loadEstate(db, { size: 's', now: new Date() });
  app = buildTestApp(db);
  client = await openConformanceClient(app);
  key = await createKey(db, 'corporate-admin@example.com');
  // The demo estate has no rollout of its own.
  const plan = await client.send<Row>(key, 'user', 'rolloutPlan', { params: scopes, body: {} });
  const params = { ...scopes, rolloutId: String(plan.data['id']) };
  await client.send(key, 'user', 'rolloutStart', { params });
  await makePolicies();
  // Nor has it cloud credentials.
  const at = { scope: 'environment', accountId: 1, environmentId: 3 } as const;
  await insertFoundImage(
    db,
    at,
    (['server', 'group', 'template', 'pointer'] as const).map((kind) => ({
      kind,
      id: `${kind}-1`,
      name: kind,
      how: 'uses it',
    })),
  );
});
afterAll(() => app.close());

/** One at each level, evaluated. */
async function makePolicies(): Promise<void> {
  const body = { name: 'Old', kind: 'deprecate', rule: { olderThanDays: 0, keepNewest: 1 } };
  for (const level of ['global', 'account', 'user'] as const) {
    const made = await client.send<Row>(key, level, 'policyCreate', { params: scopes, body });
    const params = { ...scopes, policyId: String(made.data['id']) };
    await client.send(key, level, 'policyEvaluate', { params, body: {} });
  }
}

/** Names the first object there is where a list is inside one. */
async function paramsOf(level: Level, id: OperationId): Promise<Input['params']> {
  const { path }: OperationSpec = operations[id];
  const first = async (list: OperationId, input: Input = {}) => {
    const params = { ...scopes, ...input.params };
    const { data } = await client.send<Row[]>(key, level, list, { ...input, params });
    return keyOf(data[0] ?? {});
  };
  if (path.includes('{policyId}')) {
    const policyId = await first('policyList');
    if (!path.includes('{evaluationId}')) return { policyId };
    return {
      policyId,
      evaluationId: await first('policyEvaluationList', { params: { policyId } }),
    };
  }
  if (path.includes('{rolloutId}')) return { rolloutId: await first('rolloutList') };
  if (path.includes('{cloudImageKey}')) return { cloudImageKey: await first('cloudImageList') };
  if (path.includes('{imageId}')) return { imageId: await first('imageList') };
  if (path.includes('{roleId}'))
    return { roleId: await first('roleList', { query: { inUse: 'true' } }) };
  if (path.includes('{serverId}')) return { serverId: await first('serverList') };
  if (!path.includes('{farm')) return {};
  const farmId = await first('farmList');
  if (path.includes('{farmId}')) return { farmId };
  return { farmRoleId: await first('farmRoleList', { params: { farmId } }) };
}

type Ask = (query?: Record<string, string>) => Promise<Answer<Row[]>>;
const asks = new Map<string, Ask>();

async function asking(level: Level, id: OperationId): Promise<Ask> {
  const name = `${level} ${id}`;
  const known = asks.get(name);
  if (known) return known;
  const params = { ...scopes, ...(await paramsOf(level, id)) };
  const ask: Ask = (query = {}) =>
    client.send<Row[]>(key, level, id, { params, query: { ...required[id], ...query } });
  asks.set(name, ask);
  return ask;
}

const isPaged = (id: OperationId) => 'maxResults' in (operations[id] as OperationSpec).query.shape;

/** Follows the links to the end. */
async function walk(level: Level, id: OperationId, first: Answer<Row[]>): Promise<Answer<Row[]>[]> {
  const pages = [first];
  for (let page = first; page.pagination.next !== null; pages.push(page))
    page = await client.follow<Row[]>(key, level, id, page.pagination.next);
  return pages;
}

const rowsOf = (pages: Answer<Row[]>[]) => pages.flatMap(({ data }) => data);
const whole = new Map<string, Row[]>();

async function allRows(level: Level, id: OperationId, ask: Ask): Promise<Row[]> {
  const name = `${level} ${id}`;
  const known = whole.get(name);
  if (known) return known;
  const costly = include[id];
  const first = await ask({
    ...(isPaged(id) && { maxResults: '100' }),
    ...(costly !== undefined && { include: costly }),
  });
  const rows = rowsOf(await walk(level, id, first));
  whole.set(name, rows);
  return rows;
}

describe('the pages of', () => {
  it.each(lists)('%s lead through the whole list, once', async (_, level, id) => {
    const ask = await asking(level, id);
    const rows = await allRows(level, id, ask);
    const keys = rows.map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
    const order = defaultOrder[id];
    if (order !== undefined) expect(rows.map((row) => row[order])).toEqual(inOrder(rows, order));
    if (!isPaged(id) || keys.length < 2) return;
    const size = Math.min(100, Math.ceil(keys.length / 3));
    const pages = await walk(level, id, await ask({ maxResults: String(size) }));
    expect(rowsOf(pages).map(keyOf)).toEqual(keys);
    expectLinks(pages, Math.ceil(keys.length / size));
  });
});

function inOrder(rows: Row[], order: string): unknown[] {
  const compare = (a: unknown, b: unknown) =>
    typeof a === 'number' ? a - Number(b) : String(a) < String(b) ? -1 : 1;
  return rows.map((row) => row[order]).toSorted(compare);
}

/** Paths with the page's number: to the first and the last page from each, to its neighbours, or null. */
function expectLinks(pages: Answer<Row[]>[], count: number): void {
  expect(pages).toHaveLength(count);
  const nothing = { first: null, last: null, prev: null, next: null };
  if (count === 1) expect(pages[0]?.pagination).toEqual(nothing);
  else
    for (const [index, { pagination }] of pages.entries()) {
      const { first, last, prev, next } = pagination;
      const numbers = [first, last, prev, next].map((link) => {
        if (link === null) return null;
        expect(link).toMatch(/^\/api\/v1beta0\/[^?]*\?/);
        return Number(new URLSearchParams(link.split('?')[1]).get('pageNum'));
      });
      const [before, after] = [index === 0 ? null : index, index + 1 === count ? null : index + 2];
      expect(numbers).toEqual([1, count, before, after]);
    }
}

const sameAtEveryLevel = [
  'farmServerList',
  'farmRoleServerList',
  'serverEventList',
  'farmEventList',
];
const filters = lists
  .filter(([, level, id]) => level === 'user' || !sameAtEveryLevel.includes(id))
  .flatMap(([, level, id]) =>
    Object.keys((operations[id] as OperationSpec).query.shape)
      // With a search, candidates are more than without one: those elsewhere too, and why they will not do.
      .filter(
        (name) => !notFilters.includes(name) && !(id === 'imageCandidates' && name === 'query'),
      )
      .map((name) => [name, `${id} at the ${level} level`, level, id] as const),
  );

describe('the filter', () => {
  it.each(filters)(
    '%s of %s finds the rows that have it, and no other',
    async (name, _, level, id) => {
      const { parameters } = client.spec.openApi(level, id);
      expect(parameters.map((parameter) => parameter.name)).toContain(name);
      const ask = await asking(level, id);
      const rows = await allRows(level, id, ask);
      const beside = name === 'cloudLocation' ? { cloudPlatform: 'ec2' } : undefined;
      const find = async (value: string) => {
        const first = await ask({ ...beside, [name]: value, maxResults: '100' });
        return first.errors ?? rowsOf(await walk(level, id, first)).map(keyOf);
      };
      const [aServer = {}] = await allRows(level, 'serverList', await asking(level, 'serverList'));
      const untold = untoldValue(id, name, aServer);
      if (untold !== undefined) {
        const found = await find(untold);
        expect(rows.map(keyOf)).toEqual(expect.arrayContaining<unknown>(found));
      } else {
        const fitting = rows.filter(
          (row) => !beside || valuesOf(id, 'cloudPlatform', row).includes('ec2'),
        );
        const value = rarest(fitting.flatMap((row) => valuesOf(id, name, row)));
        const has = (row: Row) => value !== undefined && valuesOf(id, name, row).includes(value);
        if (value !== undefined)
          expect(await find(value), value).toEqual(fitting.filter(has).map(keyOf));
      }
      if (level === 'user' || !(operations[id].levels as readonly Level[]).includes('user'))
        for (const value of unknown) expect(await find(value), value).toEqual(nothingOrRefused);
    },
  );

  it.each(lists)('that %s does not have is refused', async (_, level, id) => {
    const answer = await (await asking(level, id))({ colour: 'red' });
    expect(answer.errors).toMatchObject([{ code: 'InvalidStructure', field: 'colour' }]);
  });
});

/** Nothing has these; where one is no such value at all, it is refused. */
const unknown = ['nothing-is-called-this', '00000000-0000-4000-8000-00000000dead', '2147483647'];
const nothingOrRefused = expect.toSatisfy(
  (found: unknown[]) =>
    found.length === 0 || (found.length === 1 && (found[0] as Row)['code'] === 'InvalidValue'),
);

/** The value that fewest rows have: the one that tells most. */
function rarest(values: string[]): string | undefined {
  const counts = Map.groupBy(values, (value) => value);
  return [...counts].toSorted(([, a], [, b]) => a.length - b.length)[0]?.[0];
}
