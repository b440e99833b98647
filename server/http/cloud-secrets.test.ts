import { sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { createSession } from '../auth/sessions.ts';
import { findTables } from '../database/backup/catalogue.ts';
import { dump } from '../database/backup/dump.ts';
import { testSecretsKey } from '../testing/test-key.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant, randomName, type Tenant } from '../testing/harness.ts';
import { keyPair } from '../testing/key-pair.ts';
import { endOf, type ServerProcess, startServerProcess } from '../testing/server-process.ts';

// A canary: the secrets of cloud credentials come out nowhere, whatever goes wrong.

const database = withDatabase();
const [, ofKey = ''] = keyPair.key.split('\n');
const canaries = [ofKey, 'SlipwayCanary-4f1c'];

/** A canary as it might look in a text, in bytes, or packed once more. */
function disguises(canary: string): string[] {
  const bytes = Buffer.from(canary);
  // Three beginnings, since base64 takes three bytes at a time; its first and last letters depend on the neighbours.
  const packed = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [canary, bytes.toString('hex'), ...packed];
}

function expectNoCanary(text: string, where: string): void {
  for (const disguise of canaries.flatMap(disguises))
    expect(text.includes(disguise), `${where} has ${disguise}`).toBe(false);
}

/** Sends as a page would. @returns the whole answer as text */
async function openAdministrator(server: ServerProcess, t: Tenant) {
  const users = database.db.selectFrom('users').where('email', '=', t.accountAdmin.email);
  const { id } = await users.select('id').executeTakeFirstOrThrow();
  const { token } = await createSession(database.db, id);
  const headers = {
    cookie: `slipway=${token}`,
    origin: server.address,
    'content-type': 'application/json',
  };
  const base = `${server.address}/api/v1beta0/account/${t.account.accountId}/cloud-credentials/`;
  return async (method: string, path: string, body?: object) => {
    const sent = body && JSON.stringify(body);
    const answer = await fetch(base + path, { method, headers, ...(sent && { body: sent }) });
    const text = await answer.text();
    expectNoCanary(text + JSON.stringify([...answer.headers]), `the answer to ${method} ${path}`);
    return { status: answer.status, text, data: answer.ok ? dataOf(text) : undefined };
  };
}

function dataOf(text: string) {
  return (JSON.parse(text) as { data: { id: string; status: string } }).data;
}

const ofAws = () => ({
  name: randomName('AWS'),
  cloudCredentialsType: 'AwsCloudCredentials',
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: canaries[1],
  endpoint: 'https://localhost:1',
});

const body = () => ({
  name: randomName('LXD'),
  cloudCredentialsType: 'LxdCloudCredentials',
  url: 'https://localhost:1',
  clientCertificate: keyPair.certificate,
  clientKey: keyPair.key,
});

const openstackBody = () => ({
  name: randomName('OpenStack'),
  cloudCredentialsType: 'OpenstackCloudCredentials',
  keystoneUrl: 'https://localhost:1/v3',
  userName: 'slipway',
  tenantName: 'fleet',
  password: canaries[1],
});

/** Every table as text and as a backup has it. */
async function expectNoneKept(): Promise<void> {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    for (const { name } of await findTables(client)) {
      const { rows } = await client.query<{ row: string }>(
        `SELECT t::text AS row FROM ${pg.escapeIdentifier(name)} t`,
      );
      expectNoCanary(rows.map(({ row }) => row).join('\n'), `the table ${name}`);
    }
    for await (const frame of dump(client, 'test'))
      expectNoCanary(
        JSON.stringify(frame, (_, value: unknown) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
        ),
        'the backup',
      );
  } finally {
    await client.end();
  }
}

test('no secret of cloud credentials is in an answer, a log, a backup or what a failure prints', async () => {
  const t = await createTenant(database.db);
  const server = await startServerProcess(database.url, {
    environment: { SECRETS_KEY: testSecretsKey.toString('base64'), LOG_LEVEL: 'trace' },
  });
  try {
    const send = await openAdministrator(server, t);
    const made = await send('POST', '', body());
    expect(made.status, made.text).toBe(201);
    const path = `${made.data?.id}/`;
    for (const wrong of [
      { clientKey: canaries[1] },
      { clientKey: `-----BEGIN PRIVATE KEY-----\n${canaries[1]}\n-----END PRIVATE KEY-----` },
      { clientKey: [canaries[1]] },
      { [`clientKey ${randomName('x')}`]: canaries[1] },
      { clientCertificate: null, clientKey: keyPair.key },
    ])
      expect((await send('PATCH', path, wrong)).status).toBe(400);
    expect((await send('PATCH', path, { clientKey: keyPair.key })).status).toBe(200);
    expect((await send('POST', `${path}actions/test/`, {})).status).toBe(202);
    const status = async () => (await send('GET', path)).data?.status;
    await expect.poll(status, { timeout: 60_000 }).toBe('failing');
    const other = await send('POST', '', openstackBody());
    expect(other.status, other.text).toBe(201);
    await send('PATCH', `${other.data?.id}/`, { password: canaries });
    await send('POST', `${other.data?.id}/actions/test/`, {});
    const otherStatus = async () => (await send('GET', `${other.data?.id}/`)).data?.status;
    await expect.poll(otherStatus, { timeout: 60_000 }).toBe('failing');
    const aws = `${(await send('POST', '', ofAws())).data?.id}/`;
    for (const wrong of [{ secretKey: [canaries[1]] }, { accessKey: null, secretKey: canaries[1] }])
      expect((await send('PATCH', aws, wrong)).status).toBe(400);
    expect((await send('POST', `${aws}actions/test/`, {})).status).toBe(202);
    const statusOfAws = async () => (await send('GET', aws)).data?.status;
    await expect.poll(statusOfAws, { timeout: 60_000 }).toBe('failing');
    await send('GET', '');
    // A failure of Slipway itself, whose words have the very row in them.
    await sql
      .raw(
        `CREATE FUNCTION break_down() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'broken at %', NEW; END $$;
        CREATE TRIGGER broken BEFORE INSERT ON cloud_credentials FOR EACH ROW EXECUTE FUNCTION break_down()`,
      )
      .execute(database.db);
    for (const sent of [body(), ofAws()]) expect((await send('POST', '', sent)).status).toBe(500);
    await sql.raw('DROP FUNCTION break_down CASCADE').execute(database.db);
    await expectNoneKept();
  } finally {
    server.child.kill();
    await endOf(server);
  }
  expect(server.errors() + server.output()).toContain('request failed');
  expectNoCanary(server.output(), 'the log');
  expectNoCanary(server.errors(), 'what the process complained about');
});
