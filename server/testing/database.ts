import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { withClient } from '../database/connection/client.ts';
import { type Db, openDatabase, poolOf } from '../database/connection/connection.ts';
import { checkInvariants } from '../database/invariants.ts';
import { databaseUrl } from './database-url.ts';
import { findMisshapenEntries } from './log-shapes.ts';
import { testSeal } from './test-key.ts';

export interface TestDatabase {
  db: Db;
  /** Its connection string, for a second pool or another process. */
  url: string;
}

/**
 * Gives the tests of one file a migrated database of their own, made before the first and dropped
 * after the last. Whatever they did, every invariant must hold at the end, and the operations log must
 * have one shape for each kind of object.
 *
 * @param breaks ids of invariants that the file breaks on purpose, such as a log it tampers with
 * @param isMigrated false for a database without any table
 * @param isShared whether an older release writes to it as well, whose entries have the shapes of its own
 */
export function withDatabase({
  breaks = [],
  isMigrated = true,
  isShared = false,
}: { breaks?: string[]; isMigrated?: boolean; isShared?: boolean } = {}): TestDatabase {
  const name = `slipway_test_${randomBytes(6).toString('hex')}`;
  const test: Partial<TestDatabase> = {};

  beforeAll(async () => {
    await runAsAdmin(
      `CREATE DATABASE ${name} TEMPLATE ${isMigrated ? inject('templateDatabase') : 'template0'}`,
    );
    test.url = databaseUrl(inject('adminUrl'), name);
    test.db = openDatabase(test.url);
    poolOf(test.db).seal = testSeal;
  });

  afterAll(async () => {
    try {
      const violations = test.db ? await checkInvariants(test.db) : [];
      expect(violations.filter(({ id }) => !breaks.includes(id))).toEqual([]);
      if (test.db && breaks.length === 0 && !isShared)
        expect(await findMisshapenEntries(test.db)).toEqual([]);
    } finally {
      await test.db?.destroy();
      await runAsAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
  });

  return {
    get db() {
      return started(test.db);
    },
    get url() {
      return started(test.url);
    },
  };
}

function started<T>(value: T | undefined): T {
  if (value === undefined)
    throw new Error('The test database is there inside tests and hooks only.');
  return value;
}

async function runAsAdmin(sql: string): Promise<void> {
  await withClient(inject('adminUrl'), (client) => client.query(sql));
}
