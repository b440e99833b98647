import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { withDatabase } from '../testing/database.ts';
import { loadEstate } from './estate/load.ts';
import { breaches } from '../testing/invariant-breaches.ts';
import { checkInvariants, findViolations, invariants } from './invariants.ts';

const database = withDatabase();

beforeAll(async () => {
  await loadEstate(database.db, { size: 's', now: new Date('2026-11-22T12:00:00Z') });
});

test('the demo estate keeps every invariant', async () => {
  expect(await checkInvariants(database.db)).toEqual([]);
});

test('every invariant has a proof that it bites, and an id of its own', () => {
  const ids = invariants.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(Object.keys(breaches).sort()).toEqual([...ids].sort());
});

describe('without the constraints of the schema', () => {
  beforeAll(async () => {
    await loosenSchema();
  });

  test.each(invariants)('$id notices a breach: $guarantee', async ({ id }) => {
    const found = await violationsAfter(breaches[id] ?? '');
    expect(found.filter((violation) => violation.id === id).length).toBeGreaterThan(0);
  });

  test('at most 20 rows are shown of each', async () => {
    const found = await violationsAfter(`UPDATE images SET cloud_location = 'nowhere'`);
    expect(found.filter(({ id }) => id === 'INV-05b')).toHaveLength(20);
  });
});

class RollBack extends Error {}

/** Breaks the data, looks, and takes the breach back. */
async function violationsAfter(breach: string) {
  let found: Awaited<ReturnType<typeof findViolations>> = [];
  const attempt = database.db.transaction().execute(async (tx) => {
    await sql.raw(breach).execute(tx);
    found = await findViolations(tx);
    throw new RollBack();
  });
  await expect(attempt).rejects.toBeInstanceOf(RollBack);
  return found;
}

/** Drops what would refuse the breaches: that is how data looks after a bug in a migration or by hand. */
async function loosenSchema(): Promise<void> {
  await sql
    .raw(
      `DO $$
      DECLARE x record;
      BEGIN
        FOR x IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
          WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'c', 'u', 'p')
          ORDER BY contype = 'f' DESC
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', x.t, x.conname); END LOOP;
        FOR x IN SELECT indexrelid::regclass AS i FROM pg_index
          JOIN pg_class ON pg_class.oid = indrelid
          WHERE indisunique AND relnamespace = 'public'::regnamespace
        LOOP EXECUTE format('DROP INDEX %s', x.i); END LOOP;
        FOR x IN SELECT tgrelid::regclass AS t, tgname FROM pg_trigger WHERE NOT tgisinternal
        LOOP EXECUTE format('DROP TRIGGER %I ON %s', x.tgname, x.t); END LOOP;
      END $$`,
    )
    .execute(database.db);
}
