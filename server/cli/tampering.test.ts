import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countUnopenedKeys } from '../auth/secrets-key.ts';
import type { Db } from '../database/connection/connection.ts';
import { checkRecords, findRecordProblems } from '../database/records/check-records.ts';
import { appendToHeadsFile, type Noted, readHeadsFile } from '../database/records/heads-file.ts';
import { findRole, findRolePowers, findWrongRights } from '../database/rights.ts';
import { testSecrets } from '../testing/app.ts';
import { asApplication } from '../testing/application-role.ts';
import { withDatabase } from '../testing/database.ts';
import { fillRecords } from '../testing/tampering/busy-records.ts';
import { logTamperings } from '../testing/tampering/log-tamperings.ts';
import { secretTamperings } from '../testing/tampering/secret-tamperings.ts';
import { stateTamperings } from '../testing/tampering/state-tamperings.ts';
import type { Tampering } from '../testing/tampering/tampering.ts';
import { testSeal } from '../testing/test-key.ts';

// Whoever can write the whole database, but has neither the key for secrets nor the data folder, is found out.

const database = withDatabase();
let folder: string;
let headsFile: string;
let noted: Noted;
let appRole: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tampering-test-'));
  headsFile = join(folder, 'heads.jsonl');
  await fillRecords(database.db, headsFile);
  noted = await readHeadsFile(headsFile, testSeal);
  appRole = await findRole(await asApplication(database.url));
});
afterAll(() => rm(folder, { recursive: true }));

/** All that doctor looks at for it, by the families of its checks. */
async function examine(tx: Db): Promise<Set<string>> {
  const records = await findRecordProblems(tx, { seal: testSeal, noted });
  const { unopened } = await countUnopenedKeys(tx, testSecrets);
  const rights = [...(await findWrongRights(tx, appRole)), ...(await findRolePowers(tx, appRole))];
  return new Set([
    ...records.map(({ id }) => id),
    ...(unopened > 0 ? ['SECRETS'] : []),
    ...(rights.length > 0 ? ['RIGHTS'] : []),
  ]);
}

class RollBack extends Error {}

/** Does it, looks, and takes it back. @returns which checks noticed something */
async function noticedAfter({ act }: Tampering): Promise<Set<string>> {
  let noticed = new Set<string>();
  const attempt = database.db.transaction().execute(async (tx) => {
    await (typeof act === 'string' ? sql.raw(act).execute(tx) : act(tx));
    noticed = await examine(tx);
    throw new RollBack();
  });
  await expect(attempt).rejects.toBeInstanceOf(RollBack);
  return noticed;
}

test('a busy database that nobody tampered with passes', async () => {
  expect(await checkRecords(database.db, { seal: testSeal, noted })).toEqual([]);
  const nothing: Tampering = { name: 'nothing', by: 'LOG', act: 'SELECT' };
  expect(await noticedAfter(nothing)).toEqual(new Set());
});

test('there are more than 100 kinds of tampering, each with a name of its own', () => {
  const names = [...logTamperings, ...stateTamperings, ...secretTamperings].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(100);
});

describe('doctor notices of the log', () => {
  test.each(logTamperings)('$name', async (tampering) => {
    expect(await noticedAfter(tampering)).toContain(tampering.by);
  });
});

describe('doctor notices that past the log was changed', () => {
  test.each(stateTamperings)('$name', async (tampering) => {
    expect(await noticedAfter(tampering)).toContain(tampering.by);
  });
});

describe('doctor notices of what lets people in that was changed', () => {
  test.each(secretTamperings)('$name', async (tampering) => {
    expect(await noticedAfter(tampering)).toContain(tampering.by);
  });
});

describe('the file of heads', () => {
  test('a line that nobody with the key wrote is told', async () => {
    const file = join(folder, 'forged.jsonl');
    const line = { kind: 'heads', at: new Date().toISOString(), heads: {} } as const;
    await appendToHeadsFile(file, () => Buffer.alloc(32), line);
    const { problems } = await readHeadsFile(file, testSeal);
    expect(problems).toEqual(['line 1 was not written with this key']);
  });
});
