import { type Kysely, sql } from 'kysely';

/** How far had moved what pointers follow when they were planned the last time: one row, once a plan was made. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(text).execute(db);
}

const text = `
CREATE TABLE pointer_plans (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  mark text NOT NULL,
  at timestamptz NOT NULL
);
`;
