import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  appendToHeadsFile,
  readHeadsFile,
  shortenHeadsFile,
} from '../../database/records/heads-file.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';
import { testSeal } from '../../testing/test-key.ts';
import { startNotingHeads } from './heads.ts';

// Where chains stand is noted outside of the database, in a file and with a webhook.

const database = withDatabase();
let folder: string;
let t: Tenant;
let receiver: Server;
const received: { type: string; heads: Record<string, [number, string]> }[] = [];
const onError = vi.fn<(error: unknown) => void>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heads-test-'));
  t = await createTenant(database.db);
  receiver = createServer((request, response) => {
    void text(request).then((body) => {
      received.push(JSON.parse(body) as (typeof received)[number]);
      response.end();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(async () => {
  receiver.close();
  await rm(folder, { recursive: true });
});

const change = () =>
  t.accountAdmin.call('roleCategoryCreate', t.account, { body: { name: randomName('c') } });

test('moves are noted while they happen, and the last ones at the end', async () => {
  const file = join(folder, 'heads.jsonl');
  const { port } = receiver.address() as AddressInfo;
  const webhook = { url: `http://127.0.0.1:${port}/`, secret: 'x'.repeat(16), allowsPrivate: true };
  await change();
  const loop = startNotingHeads(database.db, { file, webhook, everyMs: 20, onError });
  await vi.waitFor(() => expect(received).toHaveLength(1));
  await change();
  await vi.waitFor(() => expect(received).toHaveLength(2));
  await change();
  await loop.stop();
  const chain = `account:${t.account.accountId}`;
  const { heads, problems } = await readHeadsFile(file, testSeal);
  expect(problems).toEqual([]);
  expect(heads.at(-1)).toMatchObject({ chain, revision: 3 });
  expect(received.at(-1)).toMatchObject({
    type: 'records.heads',
    heads: { [chain]: [3, heads.at(-1)?.hash] },
  });
  expect(onError).not.toHaveBeenCalled();
});

test('nothing is noted without a file, a webhook or a key', async () => {
  const loop = startNotingHeads(database.db, { file: undefined, webhook: undefined, onError });
  await loop.stop();
  expect(onError).not.toHaveBeenCalled();
});

test('a file that cannot be written is told in a sentence', async () => {
  const line = { kind: 'heads', at: new Date().toISOString(), heads: {} } as const;
  await expect(
    appendToHeadsFile(join(folder, 'none', 'heads.jsonl'), testSeal, line),
  ).rejects.toThrow(/^Where records stand cannot be noted in .*heads.jsonl: ENOENT/);
});

test('a long file is made short where it fits, and a line that was cut short is passed over', async () => {
  const file = join(folder, 'long.jsonl');
  const at = new Date().toISOString();
  for (let revision = 1; revision <= 50; revision++)
    await appendToHeadsFile(file, testSeal, {
      kind: 'heads',
      at,
      heads: { corporate: [revision, `${revision}`] },
    });
  await writeFile(file, '{"kind":"heads","at":"2026', { flag: 'a' });
  await appendToHeadsFile(file, testSeal, { kind: 'heads', at, heads: { 'account:1': [1, 'aa'] } });
  const { size } = await stat(file);
  await shortenHeadsFile(file, testSeal, async () => false, 100);
  expect((await stat(file)).size).toBe(size);
  await shortenHeadsFile(file, testSeal, async () => true, 100);
  expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(1);
  expect(await readHeadsFile(file, testSeal)).toEqual({
    heads: [
      { chain: 'corporate', revision: 50, hash: '50' },
      { chain: 'account:1', revision: 1, hash: 'aa' },
    ],
    begin: undefined,
    problems: [],
  });
});
