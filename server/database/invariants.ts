import { sql } from 'kysely';
import type { Db } from './connection/connection.ts';
import { catalogueInvariants } from './invariants/catalogue.ts';
import { cloudInvariants } from './invariants/clouds.ts';
import { inventoryInvariants } from './invariants/inventory.ts';
import { farmInvariants } from './invariants/farms.ts';
import type { Invariant } from './invariants/invariant.ts';
import { ownerMessageInvariants } from './invariants/owner-messages.ts';
import { peopleInvariants } from './invariants/people.ts';
import { pointerInvariants } from './invariants/pointers.ts';
import { policyInvariants } from './invariants/policies.ts';
import { recordInvariants } from './invariants/records.ts';
import { rolloutInvariants } from './invariants/rollouts.ts';
import { scopeInvariants } from './invariants/scopes.ts';
import { signInInvariants } from './invariants/sign-in.ts';

/** Everything that is true of the data at every moment; docs/domain.md lists the rules behind it. */
export const invariants: readonly Invariant[] = [
  ...scopeInvariants,
  ...catalogueInvariants,
  ...farmInvariants,
  ...rolloutInvariants,
  ...ownerMessageInvariants,
  ...peopleInvariants,
  ...signInInvariants,
  ...recordInvariants,
  ...cloudInvariants,
  ...inventoryInvariants,
  ...policyInvariants,
  ...pointerInvariants,
];

export interface Violation {
  id: string;
  guarantee: string;
  /** What names the row that breaks it. */
  row: Record<string, unknown>;
}

const rowsPerInvariant = 20;

/**
 * Checks every invariant on one moment of the data; reads only, and locks nobody out.
 * @returns the rows that break one, at most 20 of each; none is how it should be
 */
export async function checkInvariants(db: Db): Promise<Violation[]> {
  const oneMoment = db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only');
  return oneMoment.execute(async (tx) => {
    // Whole tables are read: a big estate may take longer than a request should.
    await sql`SET LOCAL statement_timeout = '5min'`.execute(tx);
    return findViolations(tx);
  });
}

/** The same within a transaction that has begun. */
export async function findViolations(tx: Db): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const { id, guarantee, sql: text } of invariants) {
    const { rows } = await sql<{ row: Record<string, unknown> }>`
      SELECT to_jsonb(violation) AS row FROM (${sql.raw(text)}) AS violation LIMIT ${rowsPerInvariant}
    `.execute(tx);
    violations.push(...rows.map(({ row }) => ({ id, guarantee, row })));
  }
  return violations;
}
