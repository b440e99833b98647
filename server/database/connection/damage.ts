import pg from 'pg';

/** Data or an index that PostgreSQL finds damaged: a checksum that does not fit, a page that is none. */
const damaged = new Set(['XX001', 'XX002']);

/** One sentence or two for data that PostgreSQL cannot read any more; undefined for any other error. */
export function describeDamage(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError) || !damaged.has(error.code ?? '')) return undefined;
  return (
    `The database is damaged on its disk: ${error.message}. ` +
    'Keep a copy of it as it is, check the disk, and restore a backup.'
  );
}
