import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EstateFact } from '../cloud/simulated/invented-estate.ts';
import { toEstateRow } from '../cloud/simulated/invented-estate.ts';
import { checkInvariants } from '../database/invariants.ts';
import { insertEstate } from '../database/queries/simulated-cloud/estate.ts';
import { removeObservedFarms } from '../database/queries/observed-farms/observed-farms.ts';
import { clearFaults, setFault } from '../database/queries/simulated-cloud/faults.ts';
import { attachNewCredentials } from '../testing/credentials.ts';
import { withDatabase } from '../testing/database.ts';
import { openPromptClouds } from '../testing/fleet.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { readInventory } from './inventory.ts';

// Random estates of the simulated cloud, and an oracle that knows what refers to what: docs/domain.md, "In use?".

const full = process.env.SLIPWAY_TEST_FULL === '1';
const database = withDatabase();

const imageCount = 6;
const image = fc.nat(imageCount - 1);
/** How something names an image: itself, by a template of its own, by that and a pointer. */
const way = fc.constantFrom('image', 'number', '$Latest', '$Default', 'configuration', 'pointer');
const reference = fc.oneof(
  fc.record({ kind: fc.constant('server' as const), image }),
  fc.record({ kind: fc.constant('group' as const), image, way }),
  fc.record({ kind: fc.constant('template' as const), image, way }),
  fc.record({ kind: fc.constant('pointer' as const), image }),
);
type Reference = typeof reference extends fc.Arbitrary<infer Value> ? Value : never;
const place = fc.record({
  /** In which of two accounts. */
  account: fc.nat(1),
  location: fc.constantFrom('eu-west-1', 'us-east-1'),
  references: fc.array(reference, { maxLength: 3 }),
});
const estate = fc.record({
  places: fc.array(place, { minLength: 1, maxLength: 4 }),
  fails: fc.option(fc.constantFrom('eu-west-1', 'us-east-1')),
});

const inOrder = (one: string, other: string) => one.localeCompare(other);
const idOf = (index: number) => `ami-0000000${index}`;
const empty = {
  cloudImageId: undefined,
  pointerName: undefined,
  isLatest: false,
  isDefault: false,
};

/** Facts for one reference, with templates and pointers of its own. */
function factsOf(given: Reference, at: string): EstateFact[] {
  const cloudImageId = idOf(given.image);
  if (given.kind === 'server')
    return [
      {
        kind: 'server',
        cloudServerId: `i-${at}`,
        cloudImageId,
        state: 'running',
        groupId: undefined,
        launchedAt: undefined,
        tags: {},
      },
    ];
  const pointer: EstateFact = { kind: 'pointer', name: `/p/${at}`, cloudImageId };
  if (given.kind === 'pointer') return [pointer];
  const version = given.way === 'configuration' ? '' : '7';
  const template: EstateFact = {
    ...empty,
    kind: 'template',
    templateId: `lt-${at}`,
    name: at,
    version,
    isLatest: given.way !== '$Default',
    isDefault: given.way === '$Default',
    ...(given.way === 'pointer' ? { pointerName: pointer.name } : { cloudImageId }),
  };
  const named = given.way === 'pointer' ? [template, pointer] : [template];
  if (given.kind === 'template') return named;
  const asked = given.way.startsWith('$') ? given.way : version;
  const group: EstateFact = {
    kind: 'group',
    groupId: `asg-${at}`,
    name: at,
    boots: [
      given.way === 'image'
        ? { kind: 'image', cloudImageId }
        : { kind: 'template', templateId: template.templateId, version: asked },
    ],
    minimum: 0,
    desired: 1,
    maximum: 2,
    tags: {},
  };
  return given.way === 'image' ? [group] : [group, ...named];
}

function images(): EstateFact[] {
  return Array.from({ length: imageCount }, (_, index) => ({
    kind: 'image',
    cloudImageId: idOf(index),
    name: `image-${index}`,
    architecture: 'x86_64',
    sizeGb: 8,
    owner: '1',
    createdAt: undefined,
    deprecatedAt: undefined,
    state: 'available',
  }));
}

async function build(
  t: Tenant,
  places: readonly (typeof place extends fc.Arbitrary<infer Value> ? Value : never)[],
) {
  const accounts = [
    await attachNewCredentials(database.db, t.account, t.environment),
    await attachNewCredentials(database.db, t.otherEnvironment, t.otherEnvironment),
  ];
  // Each account reaches both locations.
  for (const account of accounts)
    for (const location of ['eu-west-1', 'us-east-1'])
      await insertEstate(
        database.db,
        { account, cloudPlatform: 'ec2' },
        images().map((fact) => toEstateRow(location, fact)),
      );
  for (const [index, { account, location, references }] of places.entries())
    await insertEstate(
      database.db,
      { account: accounts[account] ?? '', cloudPlatform: 'ec2' },
      references.flatMap((one, nth) =>
        factsOf(one, `${index}-${nth}`).map((fact) => toEstateRow(location, fact)),
      ),
    );
  return accounts;
}

test('no random estate has an image that is said to be unused and is not, and one place that fails makes it unknown', async () => {
  const t = await createTenant(database.db);
  const cloudOf = openPromptClouds(database.db);
  const onError = (error: unknown) => {
    throw error;
  };
  await fc.assert(
    fc.asyncProperty(estate, async ({ places, fails }) => {
      const ids = await build(t, places);
      if (fails !== null) {
        const at = { cloud_platform: 'ec2', cloud_location: fails };
        await setFault(database.db, { ...at, kind: 'throttled', probability: 1, seconds: 0 });
      }
      const { signal } = new AbortController();
      await readInventory(database.db, cloudOf, { onError, signal });
      const { data } = await t.viewer.call('cloudImageList', t.account, { query: {} });
      const seen = places.filter(({ location }) => location !== fails);
      const used = new Set(
        seen.flatMap(({ references }) => references.map((one) => idOf(one.image))),
      );
      for (const found of data) {
        const absent = fails === null ? 'unused' : 'unknown';
        const verdict = used.has(found.cloudImageId) ? 'inUse' : absent;
        expect(found.use, JSON.stringify({ places, fails })).toMatchObject({ verdict });
      }
      expect(data.length).toBe(fails === null ? imageCount * 2 : imageCount);
      // Each server is in one farm, on its image.
      const servers = await t.viewer.call('serverList', t.account, {
        query: { observed: 'true', live: 'true', maxResults: 100 },
      });
      const running = seen.flatMap(({ references }) =>
        references.flatMap((one) => (one.kind === 'server' ? [idOf(one.image)] : [])),
      );
      const isOn = servers.data.map(({ image }) => image?.cloudImageId ?? '');
      expect(isOn.toSorted(inOrder), JSON.stringify({ places, fails })).toEqual(
        running.toSorted(inOrder),
      );
      expect(await checkInvariants(database.db)).toEqual([]);
      await clearFaults(database.db, {});
      for (const credentialsId of ids)
        await removeObservedFarms(database.db, { credentialsId }, new Date());
      await database.db
        .deleteFrom('environment_clouds')
        .where('credentials_id', 'in', ids)
        .execute();
      await database.db.deleteFrom('cloud_credentials').where('id', 'in', ids).execute();
    }),
    { numRuns: full ? 1_000 : 20 },
  );
}, 1_200_000);
