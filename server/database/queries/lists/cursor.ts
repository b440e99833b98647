import { createHash } from 'node:crypto';
import { ApiError } from '#contract/errors.ts';

const sides = ['before', 'after', 'upTo'] as const;

/**
 * A place between two rows of one list: the keys of a row, and which side of it the page lies. `upTo` is
 * before it with the row itself: where a page that lost all its rows goes back to.
 */
export interface CursorPlace {
  key: string | null;
  id: string;
  side: (typeof sides)[number];
}

/** Identifies the list, its filters and its sort: a cursor of another list is refused. */
export type ListIdentity = unknown;

export function encodeCursor(place: CursorPlace, list: ListIdentity): string {
  const payload = JSON.stringify([place.key, place.id, sides.indexOf(place.side)]);
  return Buffer.from(`${checksum(payload, list)}${payload}`).toString('base64url');
}

/**
 * @returns undefined for `start`
 * @throws ApiError InvalidValue when the cursor was altered or belongs to another list, filter or sort
 */
export function decodeCursor(cursor: string, list: ListIdentity): CursorPlace | undefined {
  if (cursor === 'start') return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const text = bytes.toString();
  const payload = text.slice(checksumLength);
  if (
    bytes.toString('base64url') !== cursor ||
    checksum(payload, list) !== text.slice(0, checksumLength)
  )
    throw invalid();
  const place = parsePlace(payload);
  if (!place) throw invalid();
  return place;
}

/** The checksum is no secret, so what it vouches for may still be anything. */
function parsePlace(payload: string): CursorPlace | undefined {
  try {
    const [key, id, number] = JSON.parse(payload) as unknown[];
    const side = sides[Number(number)];
    if ((key !== null && typeof key !== 'string') || typeof id !== 'string' || !side)
      return undefined;
    return { key, id, side };
  } catch {
    return undefined;
  }
}

const checksumLength = 16;

function checksum(payload: string, list: ListIdentity): string {
  return createHash('sha256')
    .update(JSON.stringify([list, payload]))
    .digest('hex')
    .slice(0, checksumLength);
}

function invalid(): ApiError {
  return new ApiError(
    'InvalidValue',
    'The cursor does not belong to this list with these filters and this sort. Start again with cursor=start.',
    { field: 'cursor' },
  );
}
