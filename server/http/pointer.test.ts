import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTestApp } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { insertImage, insertRole } from '../testing/factories.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { createKey, type Key, sendSigned } from '../testing/signed-client.ts';

// The stable pointer that Terraform, Packer and pipelines ask, with the key of somebody who may only look.

const database = withDatabase();
let app: FastifyInstance;
let t: Tenant;
let key: Key;

beforeAll(async () => {
  app = buildTestApp(database.db);
  t = await createTenant(database.db);
  key = await createKey(database.db, t.viewer.email);
});
afterAll(() => app.close());

const text = { accept: 'text/plain' };
const ask = (role: number, query: string, headers: Record<string, string> = {}) =>
  sendSigned(app, key, {
    path: `/account/${t.account.accountId}/roles/${role}/images/current/?${query}`,
    headers,
  });

test('tells the image of a role at a place, as JSON or as its cloud image id alone', async () => {
  const { db } = database;
  const image = await insertImage(db, t.account);
  const role = await insertRole(db, t.account, [image.id]);
  const place = 'platform=ec2&location=us-east-1';
  const whole = await ask(role.id, place);
  expect(whole.statusCode).toBe(200);
  expect(whole.json().data).toMatchObject({
    cloudImageId: image.cloud_image_id,
    image: { id: image.id, name: image.name, deprecated: false },
    role: { id: role.id, name: role.name },
    cloudLocation: 'us-east-1',
  });
  const plain = await ask(role.id, place, text);
  expect(plain.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(plain.body).toBe(`${image.cloud_image_id}\n`);
});

test('answers 304 to who knows what it says, and anew once the role has another image', async () => {
  const { db } = database;
  const image = await insertImage(db, t.account);
  const next = await insertImage(db, t.account);
  const role = await insertRole(db, t.account, [image.id]);
  const place = 'platform=ec2&location=us-east-1';
  const etag = String((await ask(role.id, place, text)).headers.etag);
  expect(etag).toMatch(/^"[\w-]+"$/);
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const same = await ask(role.id, place, { ...text, 'if-none-match': known });
    expect([same.statusCode, same.body, same.headers.etag]).toEqual([304, '', etag]);
  }
  const other = await ask(role.id, place, { 'if-none-match': etag });
  expect(other.statusCode, 'the other form has another tag').toBe(200);
  await t.accountAdmin.call('roleImageReplace', t.account, {
    params: { roleId: role.id, imageId: image.id },
    body: { image: next.id },
  });
  const changed = await ask(role.id, place, { ...text, 'if-none-match': etag });
  expect([changed.statusCode, changed.body]).toEqual([200, `${next.cloud_image_id}\n`]);
});

test('asks for a location where images have one, and for none where they serve all', async () => {
  const { db } = database;
  const google = { cloud_platform: 'gce', cloud_location: '' } as const;
  const image = await insertImage(db, t.account, google);
  const role = await insertRole(db, t.account, [image.id]);
  const everywhere = await ask(role.id, 'platform=gce&location=europe-west1', text);
  expect(everywhere.body).toBe(`${image.cloud_image_id}\n`);
  const nowhere = await ask(role.id, 'platform=ec2');
  expect(nowhere.json().errors[0]).toMatchObject({ code: 'InvalidStructure', field: 'location' });
  const elsewhere = await ask(role.id, 'platform=ec2&location=us-east-1', text);
  expect(elsewhere.statusCode).toBe(404);
  expect(elsewhere.json().errors[0].message).toBe(
    `Role "${role.name}" has no image in ec2 us-east-1. It has images in gce.`,
  );
});
