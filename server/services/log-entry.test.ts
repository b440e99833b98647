import { beforeAll, describe, expect, it } from 'vitest';
import type { ChangeId } from '#contract/effects.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import { kindWords } from '#contract/records/object-kinds.ts';
import { operationWords } from '#contract/records/operation-words.ts';
import type { Level } from '#contract/scope.ts';
import { addressOf } from '../auth/authorise.ts';
import { placeColumns } from '../database/queries/records/operations-log.ts';
import { findStateProblems } from '../database/records/state-check.ts';
import { perform, performInternally } from '../perform.ts';
import { testSecrets } from '../testing/app.ts';
import { sampleOf, scopeOf } from '../testing/conformance/samples.ts';
import { everywhere } from '../testing/conformance/specification.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../testing/factories.ts';
import { settleServers } from '../testing/fleet.ts';
import { createTenant, randomName, type Tenant } from '../testing/harness.ts';
import { findMisshapenEntries } from '../testing/log-shapes.ts';
import { type Kind, recordedSchemas } from '#contract/records/recorded.ts';
import type { LogEntry } from './log-entry.ts';
import { createApiKey } from './people/api-keys.ts';
import { createUser } from './people/users.ts';

const database = withDatabase();
let t: Tenant;
let userId: number;

beforeAll(async () => {
  t = await createTenant(database.db);
  const user = database.db.selectFrom('users').where('email', '=', t.corporateAdmin.email);
  userId = (await user.select('id').executeTakeFirstOrThrow()).id;
});

interface Part {
  object: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

const noEntry =
  'a change calls ctx.record once; if it does, its sample changed nothing: inState of server/testing/conformance/samples.ts makes one that it changes';

/** The one entry that a request left in the log: the object that it is about, and the others. */
async function entryOf(requestId: string): Promise<Part & { others: Partial<Part>[] }> {
  const rows = await database.db
    .selectFrom('operations_log')
    .where('request_id', '=', requestId)
    .select(['object', 'before', 'after', 'others'])
    .execute();
  expect(rows, noEntry).toHaveLength(1);
  const [{ others, ...change }] = rows as [Part & { others: Partial<Part>[] | null }];
  return { ...change, others: others ?? [] };
}

async function carryOut(level: Level | 'self', id: OperationId): Promise<string> {
  const sample = await sampleOf(database.db, t, level, id);
  const spec: OperationSpec = operations[id];
  const texts = Object.entries(sample.params ?? {}).map(([name, value]) => [name, String(value)]);
  const input = {
    params: spec.params.parse(Object.fromEntries(texts)),
    query: {},
    body: spec.body?.parse(sample.body),
  };
  const answer = await perform(database.db, {
    operation: id,
    caller: { kind: 'user', userId, email: t.corporateAdmin.email },
    address: level === 'self' ? { level } : addressOf(scopeOf(t, level)),
    input: input as never,
    credential: 'session:test',
    secrets: testSecrets,
    site: { host: 'localhost', origin: 'http://localhost' },
    channels: { mail: true, webhook: false, address: 'https://slipway.test' },
  });
  return answer.requestId;
}

const elsewhere: readonly OperationId[] = [
  // Its sample asks for what is there already; it goes the way of farmRoleUpdate.
  'farmRolePlacementUpdate',
  // It changes nothing but what it keeps for itself: server/services/policies/policies.test.ts.
  'policyEvaluate',
  // They take nobody to be there yet, or a session that is fresh: the tests of server/services/people have these.
  'firstAdministratorCreate',
  'passwordSet',
];

const changing = everywhere.filter(([, level, id]) => {
  const spec: OperationSpec = operations[id];
  const looks = spec.permission === 'view' && spec.keeps !== true;
  const isChange = spec.method !== 'GET' && !looks && !elsewhere.includes(id);
  return isChange && (level !== 'self' || spec.recorded === true);
});

it.each(changing)('%s leaves one entry, about an object of a kind', async (_, level, id) => {
  const requestId = await carryOut(level, id);
  const { object, before, after } = await entryOf(requestId);
  expect(Object.keys(recordedSchemas)).toContain(object.split(':')[0]);
  expect(before ?? after).not.toBeNull();
  // The same as people read it.
  const input = { params: { operationId: requestId } };
  const { data } = await t.corporateAdmin.call('operationGet', t.corporate, input);
  expect(data.words).toBe(operationWords[id as ChangeId]);
  expect(data.changes.length).toBeGreaterThan(0);
  expect(data.counts.objects).toBeGreaterThan(0);
});

it('every kind of object has a word, and no operation is shown by its id', () => {
  const words: Record<Exclude<Kind, 'roleImage'>, string> = kindWords;
  expect(Object.keys(words)).toHaveLength(Object.keys(recordedSchemas).length - 1);
  for (const [id, sentence] of Object.entries(operationWords)) expect(sentence).not.toContain(id);
});

it('an entry compiles only with the object of its kind, as the API answers it', () => {
  const roleImage = { role: { id: 1 }, image: { id: 'a' } };
  const entries: LogEntry[] = [
    { kind: 'roleImage', after: roleImage },
    // @ts-expect-error -- a role image is no role
    { kind: 'role', after: roleImage },
    // @ts-expect-error -- the API answers no such member
    { kind: 'roleImage', after: { role: { id: 1 }, image: { id: 'a' }, copyOf: { id: 2 } } },
    // @ts-expect-error -- something was there before or is there after
    { kind: 'roleImage' },
  ];
  expect(entries).toHaveLength(4);
});

describe('what only the command line does', () => {
  const caller = { kind: 'system', name: 'cli:test' } as const;

  it('is recorded with the rights of a user, and with whose an API key is', async () => {
    const step = { caller, operation: 'userCreate', scope: t.corporate, secrets: testSecrets };
    const email = `${randomName('new')}@example.com`;
    const user = { email, name: 'New', role: 'viewer', at: t.account } as const;
    const id = await performInternally(database.db, step, (ctx) => createUser(ctx, user));
    const key = await performInternally(database.db, step, (ctx) =>
      createApiKey(ctx, id, { name: 'n' }),
    );
    const rows = await database.db
      .selectFrom('operations_log')
      .where('object', 'in', [`user:${id}`, `apiKey:${key.id}`])
      .select(['after', 'others'])
      .orderBy('revision')
      .execute();
    expect(rows).toMatchObject([
      {
        after: { id, email, name: 'New' },
        others: [{ after: { user: { id }, role: 'viewer', accountId: t.account.accountId } }],
      },
      { after: { id: key.id, user: { id } } },
    ]);
  });
});

describe('a change of many objects lists them in one entry', () => {
  it('an account that is deleted, with the rights and cost centers in it', async () => {
    const other = await createTenant(database.db);
    const { accountId } = other.account;
    await database.db
      .insertInto('cost_centers')
      .values({ name: 'Theirs', billing_code: 'T', ...placeColumns(other.account) })
      .execute();
    for (const { environmentId: envId } of [other.environment, other.otherEnvironment])
      await other.accountAdmin.call('environmentDelete', other.account, { params: { envId } });
    const params = { accountId };
    const { requestId } = await t.corporateAdmin.call('accountDelete', t.corporate, { params });
    const { others } = await entryOf(requestId);
    expect(others).toMatchObject([
      { before: { role: 'administrator', accountId } },
      { before: { role: 'viewer', accountId } },
      { before: { name: 'Theirs', scope: 'account', accountId } },
    ]);
  });

  it('a role that is promoted, with its images: moved, or become another one', async () => {
    const cloud = randomName('ami');
    const survivor = await insertImage(database.db, t.account, { cloud_image_id: cloud });
    const merged = await insertImage(database.db, t.environment, { cloud_image_id: cloud });
    const moved = await insertImage(database.db, t.environment, { cloud_location: 'eu-west-1' });
    const role = await insertRole(database.db, t.environment, [merged.id, moved.id]);
    const { requestId } = await t.accountAdmin.call('rolePromote', t.environment, {
      params: { roleId: role.id },
      body: { merge: true },
    });
    const { object, before, after, others } = await entryOf(requestId);
    expect([object, before?.scope, after?.scope]).toEqual([
      `role:${role.id}`,
      'environment',
      'account',
    ]);
    expect(others).toHaveLength(2);
    for (const [from, into] of [
      [merged.id, survivor.id],
      [moved.id, moved.id],
    ])
      expect(others).toContainEqual({
        object: `image:${from}`,
        before: expect.objectContaining({ id: from, scope: 'environment' }),
        after: expect.objectContaining({ id: into, scope: 'account' }),
      });
  });

  it('a roll-back: the replacement that it rolls back, its role images and deprecations', async () => {
    const [a, b] = [
      await insertImage(database.db, t.account),
      await insertImage(database.db, t.account),
    ];
    const role = await insertRole(database.db, t.account, [a.id]);
    const { meta } = await t.accountAdmin.call('imageReplace', t.account, {
      params: { imageId: a.id },
      body: { newImage: b.id, deprecateOldImage: true },
    });
    const replacementId = meta?.replacement?.id ?? '';
    const back = await t.accountAdmin.call('replacementRollBack', t.account, {
      params: { replacementId },
    });
    const id = back.meta?.replacement?.id;
    expect(await entryOf(back.requestId)).toMatchObject({
      object: `replacement:${id}`,
      after: { oldImage: { id: b.id }, newImage: { id: a.id }, rollsBack: { id: replacementId } },
      others: [
        {
          object: `replacement:${replacementId}`,
          before: { rolledBackBy: null },
          after: { rolledBackBy: { id } },
        },
        {
          object: `roleImage:${role.id}/${b.id}`,
          before: { image: { id: b.id } },
          after: { image: { id: a.id } },
        },
        { object: `image:${a.id}`, before: { deprecated: true }, after: { deprecated: false } },
      ],
    });
  });

  it('a farm that is terminated, launched, copied and deleted', async () => {
    const image = await insertImage(database.db, t.environment);
    const role = await insertRole(database.db, t.environment, [image.id]);
    const { farmId, farmRoleId } = await insertFarm(database.db, t.environment, role.id);
    const [serverId] = await insertServers(database.db, farmRoleId, image.id, 1);
    const call = async (id: 'farmTerminate' | 'farmLaunch' | 'farmClone' | 'farmDelete') => {
      const body = id === 'farmClone' ? { name: randomName('copy') } : {};
      const input = { params: { farmId }, body } as never;
      const { requestId } = await t.environmentAdmin.call(id, t.environment, input);
      await settleServers(database.db);
      return entryOf(requestId);
    };
    expect(await call('farmTerminate')).toMatchObject({
      before: { status: 'running' },
      after: { status: 'terminated' },
      others: [
        {
          object: `server:${serverId}`,
          before: { status: 'running' },
          after: { status: 'pending_terminate' },
        },
      ],
    });
    const { others: launched } = await call('farmLaunch');
    expect(launched).toMatchObject([{ after: { status: 'pending_launch', farm: { id: farmId } } }]);
    await call('farmTerminate');
    const copy = await call('farmClone');
    expect(copy.others).toMatchObject([
      { object: `farm:${farmId}` },
      { after: { farm: { id: copy.after?.id }, role: { id: role.id } } },
    ]);
    const { others: gone } = await call('farmDelete');
    expect(new Set(gone.map(({ object }) => object))).toEqual(
      new Set([`farmRole:${farmRoleId}`, `server:${serverId}`, launched[0]?.object]),
    );
  });

  it('a deletion: what was in a role, and what recommended it', async () => {
    const image = await insertImage(database.db, t.account);
    const role = await insertRole(database.db, t.account, [image.id]);
    const old = await insertRole(database.db, t.account);
    const oldImage = await insertImage(database.db, t.account);
    const next = await insertImage(database.db, t.account);
    const { accountAdmin: who, account: at } = t;
    await who.call('roleDeprecate', at, {
      params: { roleId: old.id },
      body: { replacement: role.id },
    });
    await who.call('imageDeprecate', at, {
      params: { imageId: oldImage.id },
      body: { replacement: next.id },
    });
    const roleGone = await who.call('roleDelete', at, { params: { roleId: role.id } });
    expect(await entryOf(roleGone.requestId)).toMatchObject({
      object: `role:${role.id}`,
      others: [
        { object: `roleImage:${role.id}/${image.id}`, before: { image: { id: image.id } } },
        {
          object: `role:${old.id}`,
          before: { deprecation: { replacement: { id: role.id } } },
          after: { deprecation: { replacement: null } },
        },
      ],
    });
    const imageGone = await who.call('imageDelete', at, { params: { imageId: next.id } });
    expect(await entryOf(imageGone.requestId)).toMatchObject({
      object: `image:${next.id}`,
      before: { status: 'active' },
      others: [
        {
          object: `image:${oldImage.id}`,
          before: { deprecation: { replacement: { id: next.id } } },
          after: { deprecation: { replacement: null } },
        },
      ],
    });
  });
});

it('after all this, the objects of each kind have one shape, which is the contract’s', async () => {
  const rows = await database.db
    .selectFrom('operations_log')
    .select(['object', 'others'])
    .execute();
  const parts = rows.flatMap((row) => [row, ...((row.others ?? []) as Part[])]);
  const kinds = new Set(parts.map(({ object }) => object.split(':')[0]));
  expect(kinds).toEqual(new Set(Object.keys(recordedSchemas)));
  expect(await findMisshapenEntries(database.db)).toEqual([]);
});

it('after all this, what operations changed is as the log leaves it', async () => {
  const problems = await database.db
    .transaction()
    .execute((tx) => findStateProblems(tx, new Map()));
  // Tests write rows straight into the tables as well.
  expect(problems.filter(({ problem }) => problem !== 'nobody recorded it')).toEqual([]);
});
