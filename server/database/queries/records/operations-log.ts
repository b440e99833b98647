import { createHash } from 'node:crypto';
import { sql } from 'kysely';
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
  undo?: unknown;
}

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
    undo: toJson(row.undo),
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
    for (const { hash, at, ...rest } of rows) {
      const entry = {
        ...rest,
        at: at.toISOString(),
        before: normalJson(rest.before),
        after: normalJson(rest.after),
        undo: normalJson(rest.undo),
      };
      if (!entryHash(previous, entry).equals(hash)) return rest.revision;
      previous = hash;
    }
    const last = rows.at(-1);
    if (!last) return undefined;
    from = last.revision;
  }
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
      'hash',
    ])
    .select([
      sql<string | null>`before::text`.as('before'),
      sql<string | null>`after::text`.as('after'),
      sql<string | null>`undo::text`.as('undo'),
    ])
    .execute();
}

function toJson(value: unknown): string | null {
  return value === undefined || value === null ? null : normalJson(JSON.stringify(value));
}

/** JSON with its members sorted, since jsonb does not keep their order. */
function normalJson(json: string | null): string | null {
  return json === null ? null : JSON.stringify(sorted(JSON.parse(json)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

/** The three columns that say where an object lives. */
export function placeColumns(scope: ScopeRef) {
  return {
    scope: scope.scope,
    account_id: scope.scope === 'scalr' ? null : scope.accountId,
    environment_id: scope.scope === 'environment' ? scope.environmentId : null,
  };
}
