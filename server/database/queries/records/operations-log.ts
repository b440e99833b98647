import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import { type Db, sealOf } from '../../connection/connection.ts';
import type { Seal } from '../../connection/seal.ts';
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
    .values({ ...entry, prev_hash: previous.hash, hash, seal: sealEntry(sealOf(tx), head, chain) });
  await sendAhead(tx, append.compile());
  return new Map(heads).set(chain, head);
}

/** The seal of an entry: of its hash, and so of all entries before it in its chain. */
export function sealEntry(
  seal: Seal | undefined,
  { revision, hash }: Pick<ChainHead, 'revision' | 'hash'>,
  chain: string,
): Buffer | null {
  return seal?.('entry', [chain, revision, hash.toString('hex')]) ?? null;
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

/** @param value as it came out of JSON or would go into it: without dates and the like */
function toJson(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(sorted(value));
}

/** JSON with its members sorted, since jsonb does not keep their order. */
export function normalJson(json: string | null): string | null {
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
