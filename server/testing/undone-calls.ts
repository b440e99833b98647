import { sql } from 'kysely';
import { ApiError } from '#contract/errors.ts';
import type { Db } from '../database/connection/connection.ts';

/** Has every recorded change be undone when it commits, until that is switched off. */
export async function undoChangesAtCommit(db: Db): Promise<void> {
  await sql`CREATE FUNCTION undo_at_commit() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'was to be undone' USING ERRCODE = 'UNDO1'; END $$`.execute(db);
  await sql`CREATE CONSTRAINT TRIGGER undo AFTER INSERT ON operations_log
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION undo_at_commit()`.execute(db);
}

/** Whether changes are undone, as `undoChangesAtCommit` has them. */
export async function switchUndoing(db: Db, on: boolean): Promise<void> {
  await sql`ALTER TABLE operations_log ${sql.raw(on ? 'ENABLE' : 'DISABLE')} TRIGGER undo`.execute(
    db,
  );
}

/** `-` for a call that succeeds, or would but for the undoing; else the code of the refusal. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return '-';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { cause } = error as { cause?: { code?: string } };
    if (cause?.code === 'UNDO1') return '-';
    if (error.status >= 500 && error.code !== 'NotImplemented') throw error;
    return error.code;
  }
}
