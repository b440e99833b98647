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
  const text = Buffer.from(cursor, 'base64url').toString();
  const payload = text.slice(checksumLength);
  if (checksum(payload, list) !== text.slice(0, checksumLength)) throw invalid();
  const [key, id, after] = JSON.parse(payload) as [string | null, string, number];
  return { key, id, side: after === 1 ? 'after' : 'before' };
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
