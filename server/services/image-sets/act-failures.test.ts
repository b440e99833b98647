import { expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { failAtEach } from '../../testing/failing-statements.ts';
import { type Client, createTenant, randomName, type Tenant } from '../../testing/harness.ts';

// Whichever statement fails, an act on a set is done with all its images, or with none.

const database = withDatabase();
const locations = ['eu-west-1', 'us-east-1'];

interface SetOfTwo {
  ids: string[];
  params: { imageSetId: number };
}

async function insertSet(at: ScopeRef, cloudImageIds: readonly string[] = []): Promise<SetOfTwo> {
  const name = `${randomName('web')}-1`;
  const ids: string[] = [];
  for (const [index, cloud_location] of locations.entries()) {
    const cloud_image_id = cloudImageIds[index] ?? randomName('ami');
    ids.push((await insertImage(database.db, at, { name, cloud_location, cloud_image_id })).id);
  }
  const { set_id: id } = await database.db
    .selectFrom('images')
    .where('id', 'in', ids)
    .select('set_id')
    .executeTakeFirstOrThrow();
  return { ids, params: { imageSetId: id ?? 0 } };
}

type Act = (t: Tenant, client: Client) => Promise<() => Promise<unknown>>;

const acts: [name: string, prepare: Act][] = [
  [
    'deprecating',
    async (t, client) => {
      const { params } = await insertSet(t.account);
      const next = await insertSet(t.account);
      const body = { replacement: next.params.imageSetId, reason: 'CVE-1' };
      return () => client.call('imageSetDeprecate', t.account, { params, body });
    },
  ],
  [
    'protecting',
    async (t, client) => {
      const { params } = await insertSet(t.account);
      const body = { reason: 'audit' };
      return () => client.call('imageSetProtect', t.account, { params, body });
    },
  ],
  [
    'renaming',
    async (t, client) => {
      const { params } = await insertSet(t.account);
      const body = { name: `${randomName('web')}-2`, description: 'tested' };
      return () => client.call('imageSetUpdate', t.account, { params, body });
    },
  ],
  [
    'deleting',
    async (t, client) => {
      const { params } = await insertSet(t.account);
      return () => client.call('imageSetDelete', t.account, { params });
    },
  ],
  [
    'promoting',
    async (t, client) => {
      const { params, ids } = await insertSet(t.environment);
      await insertRole(database.db, t.environment, ids);
      return () => client.call('imageSetPromote', t.environment, { params, body: {} });
    },
  ],
  [
    'merging',
    async (t, client) => {
      const same = locations.map(() => randomName('ami'));
      await insertSet(t.account, same);
      const { params, ids } = await insertSet(t.environment, same);
      await insertRole(database.db, t.environment, ids);
      const body = { merge: true };
      return () => client.call('imageSetPromote', t.environment, { params, body });
    },
  ],
  [
    'demoting',
    async (t, client) => {
      const { params } = await insertSet(t.account);
      const body = { envId: t.environment.environmentId };
      return () => client.call('imageSetDemote', t.account, { params, body });
    },
  ],
];

test.each(acts)(
  '%s a set leaves nothing half done when any statement fails',
  async (_, prepare) => {
    const t = await createTenant(database.db);
    const act = await prepare(t, t.accountAdmin);
    expect(await failAtEach(database.url, act)).toBeGreaterThan(6);
  },
);
