import { createHash } from 'node:crypto';
import { ApiError } from '#contract/errors.ts';

/** A place between two rows of one list: the keys of a row, and which side of it the page lies. */
export interface CursorPlace {
  key: string | null;
  id: string;
  side: 'after' | 'before';
}

/** Identifies the list, its filters and its sort: a cursor of another list is refused. */
export type ListIdentity = unknown;

export function encodeCursor(place: CursorPlace, list: ListIdentity): string {
  const payload = JSON.stringify([place.key, place.id, place.side === 'after' ? 1 : 0]);
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
    const [key, id, after] = JSON.parse(payload) as unknown[];
    if ((key !== null && typeof key !== 'string') || typeof id !== 'string') return undefined;
    return { key, id, side: after === 1 ? 'after' : 'before' };
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
