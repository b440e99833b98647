import fc from 'fast-check';
import type { Hole, Pool } from './pools.ts';

/** Where in a pool; small ones are exact. */
export const place = fc.nat(1_000_000);

/** An id of a pool, spoilt now and then. */
export const hole = (pool: Pool): fc.Arbitrary<Hole> =>
  fc.oneof(
    { weight: 12, arbitrary: place.map((at) => ({ pool, place: at })) },
    {
      weight: 1,
      arbitrary: fc.record({
        pool: fc.constant(pool),
        place,
        spoil: fc.constantFrom(...(['upper', 'cut', 'flip', 'append'] as const)),
      }),
    },
  );

/** An id, or an object that has it. */
export const reference = (pool: Pool) =>
  fc.oneof(
    hole(pool),
    hole(pool).map((id) => ({ id })),
  );
