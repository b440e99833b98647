import { describe, expect, test } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertFarm, insertImage, insertRole } from '../../testing/factories.ts';
import {
  type Client,
  createClient,
  createTenant,
  randomName,
  type Tenant,
} from '../../testing/harness.ts';

// Nobody reads what others do: everything that can be read is the same before and after.

const database = withDatabase();

type Place = Tenant['environment'];

/** An image and a role of Corporate that everybody uses, in a farm of each of these places. */
async function shareCatalogue(places: readonly Place[]) {
  const { db } = database;
  const corporate = { scope: 'scalr' } as const;
  const image = await insertImage(db, corporate);
  const { name } = image;
  const twin = await insertImage(db, corporate, { name, cloud_location: 'eu-west-1' });
  const newer = await insertImage(db, corporate);
  const role = await insertRole(db, corporate, [image.id, twin.id]);
  const farmRoles = new Map<Place, number>();
  for (const at of places) farmRoles.set(at, (await insertFarm(db, at, role.id)).farmRoleId);
  return { image, twin, newer, role, farmRoles };
}

type Shared = Awaited<ReturnType<typeof shareCatalogue>>;

const launchIn = (client: Client, at: Place, { farmRoles }: Shared) =>
  client.call('serverLaunch', at, { body: { farmRole: { id: farmRoles.get(at) ?? 0 } } });

/** All that somebody may do with what all share. */
async function actIn(at: Place, client: Client, shared: Shared): Promise<void> {
  const body = { name: randomName('theirs'), category: 1, os: 'ubuntu-24-04' };
  const { data: role } = await client.call('roleCreate', at, { body });
  const params = { roleId: role.id };
  await client.call('roleImageCreate', at, { params, body: { image: shared.image.id } });
  const image = { ...params, imageId: shared.image.id };
  await launchIn(client, at, shared);
  await client.call('roleImageReplace', at, { params: image, body: { image: shared.newer.id } });
}

const isRead = ({ method, permission, keeps }: OperationSpec) =>
  method === 'GET' || (permission === 'view' && keeps !== true);

/** The values of a member of a query that names one of several, such as `sort`. */
function choicesOf(spec: OperationSpec, member: 'sort' | 'include'): string[] {
  const text = JSON.stringify(spec.query.shape[member]?.def ?? null, (_key, value: unknown) =>
    value instanceof Map || value instanceof Set ? undefined : value,
  );
  return [...text.matchAll(/"entries":\{([^}]*)\}/g)].flatMap(([, entries = '']) =>
    [...entries.matchAll(/"([^"]+)":/g)].map(([, name = '']) => name),
  );
}

/** Every read at a scope, of what is shared and what is the viewer's own, in every order. */
async function readAll(client: Client, at: ScopeRef, shared: Shared, ids: object) {
  const level = at.scope === 'account' ? 'account' : 'user';
  const params = { imageId: shared.image.id, roleId: shared.role.id, ...ids };
  const bodies: Partial<Record<OperationId, object>> = {
    imageReplacePreview: { newImage: shared.newer.id },
  };
  const answers: Record<string, unknown> = {};
  for (const spec of Object.values(operations) as OperationSpec[]) {
    if (!isRead(spec) || !spec.levels.includes(level) || spec.kind === 'csv') continue;
    if (Object.keys(spec.params.shape).some((name) => !(name in params))) continue;
    const [include, sorts] = [choicesOf(spec, 'include'), choicesOf(spec, 'sort')];
    for (const sort of sorts.length > 0 ? sorts : [undefined]) {
      const query = {
        ...(include.length > 0 && { include: include.join(',') }),
        ...(sort !== undefined && { sort, cursor: 'start' }),
        ...(spec.id === 'usageGroupList' && { by: 'image' }),
        // Else it ends now.
        ...(spec.id === 'usageBurnDown' && { to: '2026-01-01T00:00:00Z' }),
        ...(spec.id === 'roleCurrentImageGet' && { platform: 'ec2', location: 'us-east-1' }),
      };
      const input = { params, query, body: bodies[spec.id as OperationId] };
      // Walked over the contract: each operation reads of it what its own schemas name.
      const answer = client.call(spec.id as OperationId, at, input as never);
      answers[`${spec.id} ${sort ?? ''}`.trim()] = await answer.then(
        ({ data, meta, page }) => ({ data, meta, page }),
        (error: Error) => error.message,
      );
    }
  }
  return answers;
}

describe('what is read does not depend on what is done', () => {
  test('by other tenants with what all share', async () => {
    const [mine, theirs] = [await createTenant(database.db), await createTenant(database.db)];
    const shared = await shareCatalogue([mine.environment, theirs.environment]);
    await launchIn(mine.accountAdmin, mine.environment, shared);
    const own = { ...(await ownOf(mine.account)), roleCategoryId: 1, osId: 'ubuntu-24-04' };
    const read = async () => ({
      account: await readAll(mine.viewer, mine.account, shared, {}),
      own: await readAll(mine.viewer, mine.account, shared, own),
      environment: await readAll(mine.viewer, mine.environment, shared, {}),
    });
    const before = await read();
    expect(before.account['imageList lastUsed']).toHaveProperty('data.length', 4);
    await actIn(theirs.environment, theirs.accountAdmin, shared);
    const body = { name: randomName('environment') };
    await theirs.accountAdmin.call('environmentCreate', theirs.account, { body });
    expect(await read()).toEqual(before);
  });

  test('in other environments of the account, to who may look at one only', async () => {
    const t = await createTenant(database.db);
    const shared = await shareCatalogue([t.environment, t.otherEnvironment]);
    const viewer = await createClient(database.db, 'viewer', t.environment);
    const own = { ...(await ownOf(t.environment)), roleCategoryId: 1, osId: 'ubuntu-24-04' };
    const read = async () => [
      await readAll(viewer, t.environment, shared, {}),
      await readAll(viewer, t.environment, shared, own),
    ];
    const before = await read();
    await actIn(t.otherEnvironment, t.accountAdmin, shared);
    const body = { name: randomName('environment') };
    await t.accountAdmin.call('environmentCreate', t.account, { body });
    expect(await read()).toEqual(before);
  });
});

/** An image and a role of a scope's own. */
async function ownOf(at: ScopeRef) {
  const image = await insertImage(database.db, at);
  return { imageId: image.id, roleId: (await insertRole(database.db, at, [image.id])).id };
}

describe('when something was last used', () => {
  /** Launched in this order; each scope knows of the last launch at and below it. */
  async function launchEverywhere() {
    const [t, others] = [await createTenant(database.db), await createTenant(database.db)];
    const places = [t.environment, t.otherEnvironment, others.environment] as const;
    const shared = await shareCatalogue(places);
    const at: string[] = [];
    for (const place of places) {
      const { data } = await launchIn(t.corporateAdmin, place, shared);
      at.push(data.launched);
    }
    return { t, others, shared, at };
  }

  const viewers = [
    ['Corporate', 2],
    ['the account', 1],
    ['one of its environments', 0],
    ['the other one', 1],
    ['another account', 2],
    ['an environment that did not use it', undefined],
  ] as const;

  test.each(viewers)('%s sees the last use at and below it', async (name, launch) => {
    const { t, others, shared, at } = await launchEverywhere();
    const scope = {
      Corporate: t.corporate,
      'the account': t.account,
      'one of its environments': t.environment,
      'the other one': t.otherEnvironment,
      'another account': others.account,
      'an environment that did not use it': others.otherEnvironment,
    }[name];
    const expected = launch === undefined ? null : at[launch];
    const { corporateAdmin } = t;
    const params = { imageId: shared.image.id, roleId: shared.role.id };
    const image = await corporateAdmin.call('imageGet', scope, { params });
    const role = await corporateAdmin.call('roleGet', scope, { params });
    const held = await corporateAdmin.call('roleImageGet', scope, { params });
    const query = { id: shared.image.id };
    const [listed] = (await corporateAdmin.call('imageList', scope, { query })).data;
    const twins = await corporateAdmin.call('imageTwinList', scope, {
      params: { imageId: shared.twin.id },
    });
    const seen = [image.data, role.data, held.data, listed, twins.data[0]];
    expect(seen.map((one) => one?.lastUsed)).toEqual(seen.map(() => expected));
  });

  test('sorts by what the viewer may see', async () => {
    const { t, shared } = await launchEverywhere();
    const early = await shareCatalogue([t.environment]);
    await launchIn(t.accountAdmin, t.environment, early);
    const newestFirst = async (scope: ScopeRef) => {
      const query = { sort: '-lastUsed', maxResults: 2, cursor: 'start' } as const;
      return (await t.accountAdmin.call('imageList', scope, { query })).data.map(({ id }) => id);
    };
    expect(await newestFirst(t.environment)).toEqual([early.image.id, shared.image.id]);
    expect((await newestFirst(t.otherEnvironment))[0]).toBe(shared.image.id);
  });
});
