import { type RawBuilder, sql } from 'kysely';
import { type Db, sealOf } from '../connection/connection.ts';
import { isSameSeal, type Seal } from '../connection/seal.ts';

/** SQL: a time as a number that no setting of the connection changes. */
const micros = (column: string) => `(extract(epoch FROM ${column}) * 1000000)::bigint::text`;
const hex = (column: string) => `encode(${column}, 'hex')`;

/**
 * The tables whose rows let people in, or answer for what was done, and which the log does not tell in full: each row
 * is sealed over these values. What changes with every use, such as when a session was last seen, is not among them.
 */
export const sealedTables = {
  sessions: [
    hex('token_hash'),
    'user_id::text',
    micros('created_at'),
    micros('expires_at'),
    micros('confirmed_at'),
    'way',
  ],
  sign_in_links: [
    hex('token_hash'),
    'user_id::text',
    micros('created_at'),
    micros('expires_at'),
    micros('redeemed_at'),
    'own::text',
  ],
  passwords: ['user_id::text', 'hash', micros('set_at')],
  passkeys: ['user_id::text', 'credential_id', 'rp_id', hex('public_key'), micros('created_at')],
  user_identities: ['issuer', 'subject', 'user_id::text', micros('bound_at')],
  answered_requests: ['user_id::text', 'key', hex('request_hash'), 'answer'],
} as const;
export type SealedTable = keyof typeof sealedTables;

/** What names a row of them to people; never what opens something. */
const names: Record<SealedTable, string> = {
  sessions: `left(encode(token_hash, 'hex'), 8)`,
  sign_in_links: `left(encode(token_hash, 'hex'), 8)`,
  passwords: 'user_id::text',
  passkeys: 'id::text',
  user_identities: `issuer || ' ' || subject`,
  answered_requests: `user_id || ' ' || key`,
};

interface SealedRow {
  /** Where it is, for as long as nobody changes it. */
  place: string;
  name: string;
  values: (string | null)[];
  seal: Buffer | null;
}

/** The seal of a kept answer, whose values are known before it is written. */
export function sealAnswer(
  tx: Db,
  { userId, key, hash }: { userId: number; key: string; hash: Buffer },
  answer: string,
): Buffer | null {
  const values = [String(userId), key, hash.toString('hex'), answer];
  return sealOf(tx)?.('answered_requests', values) ?? null;
}

/**
 * Writes a row and its seal in one transaction. One that was there and did not carry its seal gets none: what somebody
 * did to it past Slipway is still to be noticed.
 * @param which a condition on the table's columns that the row fits before and after
 * @returns what was written, as `write` tells it
 */
export async function writeSealed<T>(
  db: Db,
  table: SealedTable,
  which: RawBuilder<unknown>,
  write: (tx: Db) => Promise<T>,
): Promise<T> {
  const seal = sealOf(db);
  if (!seal) return write(db);
  if (!db.isTransaction)
    return db.transaction().execute(async (tx) => writeSealed(tx, table, which, write));
  const before = await selectRows(db, table, which);
  const written = await write(db);
  if (before.every((row) => isSameSeal(row.seal, seal(table, row.values))))
    await writeSeals(db, table, await selectRows(db, table, which), seal);
  return written;
}

/** Seals all rows as they are, whatever seal they have. */
export async function sealAllRows(tx: Db, seal: Seal): Promise<void> {
  for (const table of Object.keys(sealedTables) as SealedTable[])
    await writeSeals(tx, table, await selectRows(tx, table, sql`true ${unanswered(table)}`), seal);
}

/** A request that is being answered at this moment has nothing to seal yet. */
const unanswered = (table: SealedTable) =>
  table === 'answered_requests' ? sql`AND answer IS NOT NULL` : sql``;

async function selectRows(
  tx: Db,
  table: SealedTable,
  which: RawBuilder<unknown>,
): Promise<SealedRow[]> {
  const { rows } = await sql<SealedRow>`
    SELECT ctid::text AS place, ${sql.raw(names[table])} AS name,
      ARRAY[${sql.raw(sealedTables[table].join(', '))}]::text[] AS values, seal
    FROM ${sql.table(table)} WHERE ${which}`.execute(tx);
  return rows;
}

async function writeSeals(
  tx: Db,
  table: SealedTable,
  rows: readonly SealedRow[],
  seal: Seal,
): Promise<void> {
  if (rows.length === 0) return;
  const places = rows.map(({ place }) => place);
  const seals = rows.map(({ values }) => seal(table, values).toString('hex'));
  await sql`
    UPDATE ${sql.table(table)} t SET seal = decode(made.seal, 'hex')
    FROM unnest(${places}::text[], ${seals}::text[]) made (place, seal)
    WHERE t.ctid = made.place::tid`.execute(tx);
}

const rowsAtOnce = 5_000;

/** The rows that were not written by Slipway, or were changed since: their seal does not fit. */
export async function findBrokenSeals(
  db: Db,
  seal: Seal,
): Promise<{ table: SealedTable; row: string }[]> {
  const broken: { table: SealedTable; row: string }[] = [];
  for (const table of Object.keys(sealedTables) as SealedTable[])
    for (let last: string | undefined = '(0,0)'; last !== undefined;) {
      const after = sql`ctid > ${last}::tid ${unanswered(table)} ORDER BY ctid LIMIT ${rowsAtOnce}`;
      const rows: SealedRow[] = await selectRows(db, table, after);
      for (const row of rows)
        if (!isSameSeal(row.seal, seal(table, row.values))) broken.push({ table, row: row.name });
      last = rows.at(-1)?.place;
    }
  return broken;
}
