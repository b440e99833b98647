import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { ApiError } from '#contract/errors.ts';
import type { ReplaceImage, ReplacementPreview } from '#contract/replacements/replacements.ts';
import { type Scope, type ScopeRef, scopes } from '#contract/scope.ts';
import { fetchImages } from '../../database/queries/images/images.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { swapRoleImages } from '../../database/queries/roles/role-images.ts';
import { fetchRoles } from '../../database/queries/roles/roles.ts';
import { findEntryRefusal } from '../../domain/roles/role-images.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertImage, insertRole } from '../../testing/factories.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';

// Small random estates: what the preview says is what the replacement does, and its roll-back undoes it.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const database = withDatabase();
let tenant: Tenant;
beforeAll(async () => {
  tenant = await createTenant(database.db);
});

const systems = ['ubuntu-24-04', 'debian-13-x', 'unknown-os'] as const;
/** Most of it agrees, or hardly any replacement would be allowed. */
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 15, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const anImage = fc.record({
  /** High up, where it is seen. */
  where: mostly<'corporate' | 'account' | 'environment'>('account', 'corporate', 'environment'),
  gce: mostly(false, true),
  os: mostly<(typeof systems)[number]>('ubuntu-24-04', 'debian-13-x', 'unknown-os'),
  architecture: mostly<'x86_64' | 'aarch64'>('x86_64', 'aarch64'),
  agent: mostly(true, false),
  deprecated: mostly(false, true),
  failed: mostly(false, true),
});
/** The first image is to be replaced, usually by the second one. */
const imageCount = 4;
const aRole = fc.record({
  where: fc.constantFrom('corporate', 'account', 'environment', 'otherEnvironment'),
  os: mostly<(typeof systems)[number]>('ubuntu-24-04', 'debian-13-x'),
  useScalrAgent: fc.boolean(),
  /** The images that it held, one after the other, as far as they may enter it. */
  held: fc.array(fc.nat(imageCount - 1), { maxLength: 4 }),
  holdsIt: fc.boolean(),
});
const aRequest = fc.record({
  at: mostly<'corporate' | 'account' | 'environment'>('account', 'corporate', 'environment'),
  to: mostly(1, 0, 2, 3),
  /** How many scopes from the request's own on down; or any, that may make no reach. */
  scope: fc.oneof(
    { weight: 15, arbitrary: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }) },
    { weight: 1, arbitrary: fc.subarray([...scopes], { minLength: 1 }) },
  ),
  deprecateOldImage: fc.boolean(),
  onIncompatible: fc.constantFrom('refuse', 'skip'),
  allowArchitectureChange: fc.boolean(),
});
const estate = fc.record({
  images: fc.array(anImage, { minLength: imageCount, maxLength: imageCount }),
  roles: fc.array(aRole, { minLength: 1, maxLength: 7 }),
  request: aRequest,
});
type Estate = typeof estate extends fc.Arbitrary<infer Value> ? Value : never;

/** @returns the ids of the images, in the order of the estate */
async function build({ images, roles }: Estate): Promise<string[]> {
  const { db } = database;
  const ids: string[] = [];
  for (const image of images) {
    const { id } = await insertImage(db, tenant[image.where], {
      cloud_platform: image.gce ? 'gce' : 'ec2',
      cloud_location: image.gce ? '' : 'us-east-1',
      os_id: image.os,
      architecture: image.architecture,
      scalr_agent_installed: image.agent,
    });
    ids.push(id);
  }
  const rows = await fetchImages(db, ids, { scope: 'scalr' });
  for (const role of roles) {
    const values = { os_id: role.os, use_scalr_agent: role.useScalrAgent };
    const { id } = await insertRole(db, tenant[role.where], [], values);
    const [facts] = await fetchRoles(db, [id], { scope: 'scalr' });
    const now = new Map<string, string>();
    const held = role.holdsIt ? [...role.held, 0] : role.held;
    for (const row of held.flatMap((index) => rows[index] ?? [])) {
      if (!facts || findEntryRefusal(row, facts)) continue;
      const [cloudPlatform, cloudLocation] = [row.cloud_platform, row.cloud_location];
      const change = { roleId: id, cloudPlatform, cloudLocation, newImageId: row.id };
      const oldImageId = now.get(cloudPlatform) ?? null;
      await swapRoleImages(db, [{ ...change, oldImageId }], { at: new Date(), by: 'test' });
      now.set(cloudPlatform, row.id);
    }
  }
  const inRoles = new Set((await snapshot()).links.map(([, , , imageId]) => imageId));
  for (const [index, image] of images.entries()) {
    const id = ids[index] ?? '';
    if (image.deprecated) await setImage(id, { deprecated_at: new Date(), deprecated_by: 'test' });
    // Nothing failed is in a role.
    if (image.failed && !inRoles.has(id)) await setImage(id, { status: 'failed' });
  }
  return ids;
}

async function setImage(id: string, values: object): Promise<void> {
  await database.db.updateTable('images').set(values).where('id', '=', id).execute();
}

type Link = [roleId: number, cloudPlatform: string, cloudLocation: string, imageId: string];

/** Every role image there is, and every deprecation. */
async function snapshot() {
  const links = await database.db
    .selectFrom('role_images')
    .orderBy('role_id')
    .orderBy('cloud_platform')
    .select(['role_id', 'cloud_platform', 'cloud_location', 'image_id'])
    .execute();
  const deprecations = await database.db
    .selectFrom('images')
    .orderBy('id')
    .select(['id', 'deprecated_at', 'deprecated_by', 'deprecation_reason'])
    .select('deprecation_replacement_id')
    .execute();
  return {
    links: links.map((row): Link => [
      row.role_id,
      row.cloud_platform,
      row.cloud_location,
      row.image_id,
    ]),
    deprecations,
  };
}

/** `a` as it would be with these roles changed. */
function predict(links: readonly Link[], preview: ReplacementPreview): Link[] {
  const changing = new Set(
    preview.allowed
      ? preview.roles.filter(({ outcome }) => outcome === 'change').map(({ id }) => id)
      : [],
  );
  const { oldImage, newImage } = preview;
  return links.map((link) =>
    link[3] === oldImage.id && changing.has(link[0])
      ? [link[0], newImage.cloudPlatform, newImage.cloudLocation, newImage.id]
      : link,
  );
}

function toBody({ request }: Estate, newImage: string) {
  const own = scopes.indexOf(tenant[request.at].scope);
  const { scope } = request;
  const { deprecateOldImage, onIncompatible, allowArchitectureChange } = request;
  const named: Scope[] | undefined =
    typeof scope === 'number' ? scopes.slice(own, own + scope) : scope;
  return {
    newImage,
    ...(named && { scope: named }),
    deprecateOldImage,
    onIncompatible: onIncompatible as ReplaceImage['onIncompatible'],
    allowArchitectureChange,
  };
}

async function codeOf(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

/** What became of a run, so that the test can show that it saw every kind. */
type Outcome = 'malformed' | 'refused' | 'idle' | 'rolled back';

async function check(given: Estate): Promise<Outcome> {
  const ids = await build(given);
  const at: ScopeRef = tenant[given.request.at];
  const admin = tenant.corporateAdmin;
  const input = {
    params: { imageId: ids[0] ?? '' },
    body: toBody(given, ids[given.request.to] ?? ''),
  };
  const before = await snapshot();
  const preview = await admin.call('imageReplacePreview', at, input).catch((error: ApiError) => {
    if (error instanceof ApiError) return error;
    throw error;
  });
  if (preview instanceof ApiError) {
    expect(await codeOf(admin.call('imageReplace', at, input))).toBe(preview.code);
    expect(await snapshot()).toEqual(before);
    return 'malformed';
  }
  if (!preview.data.allowed) {
    expect(await codeOf(admin.call('imageReplace', at, input))).toBe(preview.data.code);
    expect(await snapshot()).toEqual(before);
    return 'refused';
  }
  const done = await admin.call('imageReplace', at, input);
  const after = await snapshot();
  expect(after.links).toEqual(predict(before.links, preview.data));
  expect(done.data).toHaveLength(preview.data.counts.change);
  expect(done.warnings).toEqual(preview.warnings);
  expect(done.meta?.outsideReach).toEqual(preview.data.outsideReach);
  const id = done.meta?.replacement?.id;
  if (!id) {
    expect(after.links).toEqual(before.links);
    return 'idle';
  }
  const back = { params: { replacementId: id }, body: {} };
  const { meta } = await admin.call('replacementRollBack', at, back);
  expect(meta?.conflicts).toBe(0);
  expect(await snapshot()).toEqual(before);
  return 'rolled back';
}

test('a replacement does exactly what its preview says, and its roll-back restores everything', async () => {
  const seen = new Map<Outcome, number>();
  const property = fc.asyncProperty(estate, async (given) => {
    const outcome = await check(given);
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
  });
  await fc.assert(property, { numRuns: full ? 500 : 50, endOnFailure: true });
  // A property over estates in which nothing happens would prove nothing.
  expect(seen.get('refused')).toBeGreaterThan(0);
  expect(seen.get('rolled back')).toBeGreaterThan(0);
  expect(await checkInvariants(database.db)).toEqual([]);
});
