import fc from 'fast-check';
import { type RawBuilder, sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';

// Small random estates with two versions of an image in several places: docs/domain.md, "Plans".

const full = process.env.SLIPWAY_TEST_FULL === '1';
const database = withDatabase();
let tenant: Tenant;
beforeAll(async () => {
  tenant = await createTenant(database.db);
});

const slots = ['us-east-1', 'us-west-2', 'eu-west-1'].flatMap((cloud_location) =>
  (['x86_64', 'aarch64'] as const).map((architecture) => ({ cloud_location, architecture })),
);
const aSet = fc.array(fc.nat(slots.length - 1), { minLength: 1, maxLength: 7 });
const estate = fc.record({
  old: aSet,
  next: aSet,
  roles: fc.array(
    fc.record({
      where: fc.constantFrom('account', 'environment', 'otherEnvironment'),
      /** For each location nothing, or an image of the old or the new set. */
      holds: fc.array(fc.option(fc.record({ isNew: fc.boolean(), pick: fc.nat() })), {
        minLength: 3,
        maxLength: 3,
      }),
      /** In which of the partial roll-backs it is put back. */
      turn: fc.nat(2),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  deprecateOldImage: fc.boolean(),
  isWhole: fc.boolean(),
  byPlace: fc.boolean(),
});
type Estate = typeof estate extends fc.Arbitrary<infer Value> ? Value : never;

interface Made {
  id: string;
  cloud_location: string;
  architecture: string;
  added: number;
}

async function buildSet(picks: readonly number[]): Promise<{ id: number; images: Made[] }> {
  const name = randomName('build');
  const images: Made[] = [];
  for (const [added, pick] of picks.entries()) {
    const slot = slots[pick];
    if (!slot) throw new Error(`There is no place ${pick}`);
    const added_at = new Date(Date.UTC(2026, 0, 1 + added));
    const { id } = await insertImage(database.db, tenant.account, { name, ...slot, added_at });
    images.push({ id, ...slot, added });
  }
  const set = database.db.selectFrom('image_sets').where('name', '=', name).select('id');
  return { id: (await set.executeTakeFirstOrThrow()).id, images };
}

async function buildRoles({ roles }: Estate, old: readonly Made[], next: readonly Made[]) {
  const ids: number[] = [];
  for (const { where, holds } of roles) {
    const held = holds.flatMap((wish, index) => {
      const here = (wish?.isNew ? next : old).filter(
        (image) => image.cloud_location === slots[index * 2]?.cloud_location,
      );
      return wish && here.length > 0 ? (here[wish.pick % here.length]?.id ?? []) : [];
    });
    ids.push((await insertRole(database.db, tenant[where], held)).id);
  }
  return ids;
}

/** Each old image with the latest new one of its slot, found the long way round. */
function pairByForce(old: readonly Made[], next: readonly Made[]) {
  const found = new Map<string, string | null>();
  for (const image of old) {
    let best: Made | undefined;
    for (const other of next)
      if (
        other.cloud_location === image.cloud_location &&
        other.architecture === image.architecture &&
        (best === undefined || other.added > best.added)
      )
        best = other;
    found.set(image.id, best?.id ?? null);
  }
  return found;
}

const read = async (query: RawBuilder<object>) => (await query.execute(database.db)).rows;

/** Every role image there is, and every deprecation. */
const snapshot = async () => ({
  links: (await read(sql`SELECT role_id, cloud_platform, cloud_location, image_id FROM role_images
    ORDER BY 1, 2, 3`)) as { role_id: number; cloud_location: string; image_id: string }[],
  deprecations: await read(sql`SELECT id, deprecated_at, deprecated_by, deprecation_reason,
    deprecation_replacement_id FROM images ORDER BY id`),
});

/** What a plan may write: itself, and the record of it. */
const planTables = [
  'replacements',
  'replacement_pairs',
  'operations_log',
  'operations',
  'operation_kinds',
  'operation_objects',
  'operation_places',
  'operations_unfollowed',
  'revisions',
];

async function hashTables(): Promise<object[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
      AND relname <> ALL(${planTables}) ORDER BY 1`.execute(database.db);
  const hashes = rows.map(
    ({ name }) => sql`SELECT ${name} AS name,
    (SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM ${sql.table(name)} t) AS hash`,
  );
  return read(sql`${sql.join(hashes, sql` UNION ALL `)}`);
}

/** What became of a run, so that the test can show that it saw every kind. */
interface Seen {
  unpaired: number;
  holes: number;
  applied: number;
  parts: number;
  /** Runs in which replacing the new set by the old one would have changed more than was to be undone. */
  naiveDiffers: number;
}

async function check(given: Estate, seen: Seen): Promise<void> {
  const [old, next] = [await buildSet(given.old), await buildSet(given.next)];
  const roles = await buildRoles(given, old.images, next.images);
  const expected = pairByForce(old.images, next.images);
  const { accountAdmin: admin, account } = tenant;
  const { deprecateOldImage } = given;
  const scope = ['account' as const, 'environment' as const];
  const body = { oldImageSet: old.id, newImageSet: next.id, scope, deprecateOldImage };
  const before = await snapshot();
  if ([...expected.values()].every((image) => image === null)) {
    await expect(admin.call('replacementPlan', account, { body })).rejects.toMatchObject({
      code: 'ConfigurationMismatch',
    });
    seen.unpaired += 1;
    return;
  }
  const tables = await hashTables();
  const { data } = await admin.call('replacementPlan', account, { body });
  expect(await hashTables()).toEqual(tables);
  const { plan } = data;
  if (!plan) throw new Error('A plan has no plan');
  expect(
    new Map([
      ...plan.pairs.map((pair) => [pair.oldImage.id, pair.newImage.id] as const),
      ...plan.holes.map(({ image }) => [image.id, null] as const),
    ]),
  ).toEqual(expected);
  seen.holes += Math.min(1, plan.holes.length);
  const replacementId = data.id;
  const done = await admin.call('replacementApply', account, { params: { replacementId } });
  const after = await snapshot();
  const changes = new Map(
    plan.roles.map((role) => [`${role.id} ${role.cloudLocation}`, role.newImage.id]),
  );
  const predicted = before.links.map((link) => ({
    ...link,
    image_id: changes.get(`${link.role_id} ${link.cloud_location}`) ?? link.image_id,
  }));
  expect(after.links).toEqual(predicted);
  const paired = new Set(plan.pairs.map((pair) => pair.newImage.id));
  const onNew = after.links.filter(({ image_id: id }) => paired.has(id)).length;
  if (onNew > plan.counts.change) seen.naiveDiffers += 1;
  if (plan.counts.change === 0 && !deprecateOldImage) return;
  seen.applied += 1;
  expect(done.data.state).toBe('applied');
  await (given.isWhole
    ? rollBackTwice(replacementId, after)
    : rollBackInParts(given, roles, replacementId, seen));
  expect(await snapshot()).toEqual(before);
}

const rollBack = async (replacementId: string, body: object = {}) => {
  const input = { params: { replacementId }, body };
  return (await tenant.accountAdmin.call('replacementRollBack', tenant.account, input)).meta;
};

/** There, back to what it was after it was applied, and there again. */
async function rollBackTwice(id: string, after: Awaited<ReturnType<typeof snapshot>>) {
  const back = (await rollBack(id))?.replacement?.id ?? '';
  const forth = (await rollBack(back))?.replacement?.id ?? '';
  expect((await snapshot()).links).toEqual(after.links);
  expect(await rollBack(forth)).toMatchObject({ conflicts: 0 });
}

/** Role by role in three turns or place by place, and then whatever may be left. */
async function rollBackInParts(given: Estate, roles: number[], replacementId: string, seen: Seen) {
  const turns = given.byPlace
    ? [0, 2, 4].map((slot) => ({
        places: [{ cloudPlatform: 'ec2', cloudLocation: slots[slot]?.cloud_location ?? '' }],
      }))
    : [0, 1, 2].map((turn) => ({
        roles: roles.filter((_, index) => given.roles[index]?.turn === turn),
      }));
  for (const part of turns) {
    if ('roles' in part && part.roles.length === 0) continue;
    const input = { params: { replacementId }, body: part };
    const { accountAdmin, account } = tenant;
    const shown = await accountAdmin.call('replacementRollBackPreview', account, input);
    if (!shown.data.allowed) continue;
    await rollBack(replacementId, part);
    seen.parts += 1;
  }
  const { data } = await tenant.accountAdmin.call('replacementGet', tenant.account, {
    params: { replacementId },
  });
  if (data.state !== 'rolledBack') await rollBack(replacementId);
}

test('a plan changes nothing, is applied exactly, and is taken back exactly, whole or in parts', async () => {
  const seen: Seen = { unpaired: 0, holes: 0, applied: 0, parts: 0, naiveDiffers: 0 };
  const property = fc.asyncProperty(estate, (given) => check(given, seen));
  await fc.assert(property, { numRuns: full ? 500 : 25, endOnFailure: true });
  // A property over estates in which nothing happens would prove nothing.
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(0);
  expect(await checkInvariants(database.db)).toEqual([]);
});
