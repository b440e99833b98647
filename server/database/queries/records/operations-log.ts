import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { sendAhead } from '../../connection/sent-ahead.ts';

/** The chain that a change at a scope is recorded in. */
export function chainOf(scope: ScopeRef): string {
  return scope.scope === 'scalr' ? 'corporate' : `account:${scope.accountId}`;
}

/** Where a chain stands. */
export interface ChainHead {
  revision: number;
  hash: Buffer;
  at: Date;
}
/** By the name of the chain; one that nothing was recorded in is left out. */
export type ChainHeads = ReadonlyMap<string, ChainHead>;

/** What a request at this scope is answered with, as `X-Revision: <corporate>.<account>`; 0 for no account. */
export function toRevision(heads: ChainHeads, scope: ScopeRef): string {
  const account = scope.scope === 'scalr' ? 0 : (heads.get(chainOf(scope))?.revision ?? 0);
  return `${heads.get('corporate')?.revision ?? 0}.${account}`;
}

export interface LogRow {
  at: Date;
  requestId: string;
  operation: string;
  actor: string;
  credential: string;
  origin: string;
  scope: ScopeRef;
  object: string;
  reason?: string | null | undefined;
  before?: unknown;
  after?: unknown;
  /** What else changed or took part: each with its own object, before and after. */
  others?: unknown;
  /** How it was done, where no object shows it. */
  options?: unknown;
}

/**
 * How `before`, `after`, `others` and `options` are to be read (docs/architecture.md, "Records"). Rows of shape 1 have
 * `undo` instead of the last two, and the members that each operation of their time chose.
 */
const shape = 2;

/**
 * Appends one change to its chain and raises the chain's counter. Must run under the scope's write
 * lock, and the heads must have been read under it: that is what makes revision order commit order.
 * @returns the heads after it
 */
export async function appendToLog(tx: Db, heads: ChainHeads, row: LogRow): Promise<ChainHeads> {
  const chain = chainOf(row.scope);
  const previous = heads.get(chain) ?? { revision: 0, hash: Buffer.alloc(0) };
  const revision = previous.revision + 1;
  const place = placeColumns(row.scope);
  const entry = {
    chain,
    revision,
    at: row.at.toISOString(),
    request_id: row.requestId,
    operation: row.operation,
    actor: row.actor,
    credential: row.credential,
    origin: row.origin,
    ...place,
    object: row.object,
    reason: row.reason ?? null,
    before: toJson(row.before),
    after: toJson(row.after),
    others: toJson(row.others),
    options: toJson(row.options),
    shape,
  };
  const hash = entryHash(previous.hash, entry);
  const head = { revision, hash, at: row.at };
  const append = tx
    .with('raised', (qb) =>
      qb
        .insertInto('revisions')
        .values({ chain, ...head })
        .onConflict((conflict) => conflict.column('chain').doUpdateSet(head)),
    )
    .insertInto('operations_log')
    .values({ ...entry, prev_hash: previous.hash, hash });
  await sendAhead(tx, append.compile());
  return new Map(heads).set(chain, head);
}

/** The object that a name of the log stands for: with the images of a role, the role changes. */
const subject = (name: RawBuilder<unknown>) =>
  sql`replace(split_part(${name}, '/', 1), 'roleImage:', 'role:')`;

/**
 * Whether any of these objects was changed at a scope after a revision of it.
 * @param revision as `toRevision` spells it
 * @param names as the log names objects
 */
export async function haveChangedSince(
  tx: Db,
  scope: ScopeRef,
  revision: string,
  names: readonly string[],
): Promise<boolean> {
  const [corporate, account] = revision.split('.');
  const { rows } = await sql<{ found: boolean }>`
    WITH wanted AS (SELECT ${subject(sql`name`)} AS subject FROM unnest(${[...names]}::text[]) name),
      later AS (
        SELECT object, others FROM operations_log WHERE chain = 'corporate' AND revision > ${corporate}
        UNION ALL
        SELECT object, others FROM operations_log WHERE chain = ${chainOf(scope)}
          AND chain <> 'corporate' AND revision > ${account}),
      changed AS (
        SELECT object FROM later
        UNION ALL
        -- What neither was nor is only took part.
        SELECT other->>'object' FROM later, jsonb_array_elements(coalesce(others, '[]')) other
        WHERE other ?| ARRAY['before', 'after'])
    SELECT EXISTS (SELECT FROM changed JOIN wanted ON wanted.subject = ${subject(sql`changed.object`)})
      AS found`.execute(tx);
  return rows[0]?.found ?? false;
}

/** SHA-256 over the previous hash and the entry's members in a fixed order. */
export function entryHash(previous: Buffer, entry: Record<string, unknown>): Buffer {
  const members = Object.keys(entry)
    .sort()
    .map((key) => [key, entry[key] ?? null]);
  return createHash('sha256').update(previous).update(JSON.stringify(members)).digest();
}

/**
 * Recomputes every chain of the log.
 * @returns for each chain that was tampered with, the first revision that does not carry the hash of its content
 */
export async function findTamperedRevisions(
  db: Db,
): Promise<{ chain: string; revision: number }[]> {
  const chains = await db.selectFrom('revisions').select('chain').orderBy('chain').execute();
  const found: { chain: string; revision: number }[] = [];
  for (const { chain } of chains) {
    const revision = await findTamperedRevision(db, chain);
    if (revision !== undefined) found.push({ chain, revision });
  }
  return found;
}

const rowsAtOnce = 1_000;

/** Walks one chain in pieces, so that a long one needs little memory. */
async function findTamperedRevision(db: Db, chain: string): Promise<number | undefined> {
  let previous: Buffer = Buffer.alloc(0);
  for (let from = 0; ;) {
    const rows = await selectLogRows(db, chain, from);
    for (const { hash, at, shape: ofRow, undo, others, options, ...rest } of rows) {
      const entry = {
        ...rest,
        at: at.toISOString(),
        before: normalJson(rest.before),
        after: normalJson(rest.after),
        ...membersOfShape(ofRow, { undo, others, options }),
      };
      if (!entryHash(previous, entry).equals(hash)) return rest.revision;
      previous = hash;
    }
    const last = rows.at(-1);
    if (!last) return undefined;
    from = last.revision;
  }
}

/** What is hashed of a row beside the members of every shape; what its shape does not have must not be there. */
function membersOfShape(
  ofRow: number,
  row: { undo: string | null; others: string | null; options: string | null },
): Record<string, unknown> {
  const members = {
    undo: normalJson(row.undo),
    others: normalJson(row.others),
    options: normalJson(row.options),
  };
  const own = ofRow === 1 ? ['undo'] : ['others', 'options'];
  const hashed = Object.entries(members).filter(
    ([name, value]) => own.includes(name) || value !== null,
  );
  return { ...Object.fromEntries(hashed), ...(ofRow !== 1 && { shape: ofRow }) };
}

async function selectLogRows(db: Db, chain: string, from: number) {
  return db
    .selectFrom('operations_log')
    .where('chain', '=', chain)
    .where('revision', '>', from)
    .orderBy('revision')
    .limit(rowsAtOnce)
    .select([
      'chain',
      'revision',
      'at',
      'request_id',
      'operation',
      'actor',
      'credential',
      'origin',
      'scope',
      'account_id',
      'environment_id',
      'object',
      'reason',
      'shape',
      'hash',
    ])
    .select([
      sql<string | null>`before::text`.as('before'),
      sql<string | null>`after::text`.as('after'),
      sql<string | null>`undo::text`.as('undo'),
      sql<string | null>`others::text`.as('others'),
      sql<string | null>`options::text`.as('options'),
    ])
    .execute();
}

/** @param value as it came out of JSON or would go into it: without dates and the like */
function toJson(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(sorted(value));
}

/** JSON with its members sorted, since jsonb does not keep their order. */
function normalJson(json: string | null): string | null {
  return json === null ? null : toJson(JSON.parse(json));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Record<string, unknown>;
  const inOrder: Record<string, unknown> = {};
  // One by one: of the thousands of objects of a large replacement, pairs of name and value took half the time.
  for (const name of Object.keys(members).sort()) inOrder[name] = sorted(members[name]);
  return inOrder;
}

/** The three columns that say where an object lives. */
export function placeColumns(scope: ScopeRef) {
  return {
    scope: scope.scope,
    account_id: scope.scope === 'scalr' ? null : scope.accountId,
    environment_id: scope.scope === 'environment' ? scope.environmentId : null,
  };
}
