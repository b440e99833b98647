import { expect, test } from 'vitest';
import { withDatabase } from '../../../testing/database.ts';
import { findLandmarks } from './landmarks.ts';
import { loadLargeEstate } from './load.ts';
import { largeShapes } from './shape.ts';

// With the full counts only: the estate as people load it. Afterwards every invariant is checked.
const isFull = process.env.SLIPWAY_TEST_FULL === '1';
const database = withDatabase();

test.runIf(isFull)(
  'estate l loads at its whole size, and every invariant holds',
  async () => {
    const summary = await loadLargeEstate(database.db, { shape: largeShapes.l, now: new Date() });
    expect(summary).toMatchObject({
      accounts: 100,
      environments: 1_000,
      images: 50_000,
      roles: 5_000,
      farms: 2_000,
      servers: 60_000,
    });
    const { inThousandRoles, inFiveHundredRoles } = await findLandmarks(database.db);
    expect([inThousandRoles.roles, inFiveHundredRoles.roles]).toEqual([1_000, 500]);
  },
  180_000,
);
