import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { PlanItem } from '#contract/plans.ts';
import type { PlanReplacement } from '#contract/replacements/replacement-plans.ts';
import type { Scope, ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { sendAhead } from '../../connection/sent-ahead.ts';
import { placeColumns } from '../records/operations-log.ts';

/** One place of a role that a replacement changes, from one image to another. */
export interface ReplacedRole {
  id: number;
  cloudPlatform: string;
  cloudLocation: string;
  oldImageId: string;
  newImageId: string;
}

export interface NewPair {
  oldImageId: string;
  newImageId: string;
  deprecatedOldImage: boolean;
  restoredNewImage?: boolean;
  /** Why the new image had been deprecated until now. */
  restoredReason?: string | null;
}

/** A replacement to be written down as carried out, with the roles that it changes. */
export interface NewReplacement {
  scope: ScopeRef;
  pairs: readonly NewPair[];
  /** What changes in each: registrations of one cloud image may differ from role to role. */
  roles: readonly ReplacedRole[];
  reach: readonly Scope[];
  at: Date;
  by: string;
  reason: string | undefined;
  rollsBackId?: string;
  /** Of a roll-back: after it nothing is left to restore. */
  completes?: boolean;
}

/** Writes a replacement and its pairs; its roles are written as they change. @returns its id */
export async function insertReplacement(tx: Db, replacement: NewReplacement): Promise<string> {
  const id = randomUUID();
  const { scope, reach, at, by, reason, rollsBackId, completes = false } = replacement;
  const made = tx.insertInto('replacements').values({
    id,
    ...placeColumns(scope),
    reach: [...reach],
    at,
    by,
    reason: reason ?? null,
    rolls_back_id: rollsBackId ?? null,
    completes,
  });
  await sendAhead(tx, made.compile());
  await insertPairs(tx, id, replacement.pairs);
  return id;
}

/** A plan becomes the replacement that was carried out. */
export async function applyPlan(tx: Db, id: string, made: NewReplacement): Promise<void> {
  const { at, by, reason } = made;
  const applied = tx
    .updateTable('replacements')
    .set({ state: 'applied', at, by, reason: reason ?? null, reach: [...made.reach] })
    .set({ version: sql`version + 1` })
    .where('id', '=', id);
  await sendAhead(tx, applied.compile());
  await sendAhead(tx, deletePairs(tx, id));
  await insertPairs(tx, id, made.pairs);
}

/** What is kept of a plan. */
export interface NewPlan {
  scope: ScopeRef;
  pairs: readonly NewPair[];
  reach: readonly Scope[];
  at: Date;
  by: string;
  reason: string | undefined;
  expiresAt: Date;
  revision: string;
  wish: PlanReplacement;
  items: readonly PlanItem[];
}

/** Keeps a plan. @returns its id */
export async function insertPlan(tx: Db, plan: NewPlan): Promise<string> {
  const id = randomUUID();
  const made = tx.insertInto('replacements').values({
    id,
    ...placeColumns(plan.scope),
    state: 'planned',
    planned_by: plan.by,
    ...planColumns(plan),
  });
  await sendAhead(tx, made.compile());
  await insertPairs(tx, id, plan.pairs);
  return id;
}

/** Keeps another plan in the place of one; who planned it first stays. */
export async function updatePlan(tx: Db, id: string, plan: NewPlan): Promise<void> {
  const changed = tx
    .updateTable('replacements')
    .set({ ...planColumns(plan), version: sql`version + 1` })
    .where('id', '=', id);
  await sendAhead(tx, changed.compile());
  await sendAhead(tx, deletePairs(tx, id));
  await insertPairs(tx, id, plan.pairs);
}

function planColumns({ reach, at, by, reason, expiresAt, revision, wish, items }: NewPlan) {
  return {
    reach: [...reach],
    at,
    by,
    reason: reason ?? null,
    planned_at: at,
    expires_at: expiresAt,
    planned_revision: revision,
    wish: JSON.stringify(wish),
    items: JSON.stringify(items),
  };
}

/** What was wished for, and what it would have done then. */
export async function fetchStoredPlan(
  tx: Db,
  id: string,
): Promise<{ wish: PlanReplacement; items: PlanItem[] }> {
  const row = await tx
    .selectFrom('replacements')
    .where('id', '=', id)
    .select(['wish', 'items'])
    .executeTakeFirstOrThrow();
  // What planColumns wrote.
  return row as { wish: PlanReplacement; items: PlanItem[] };
}

/** Gives a plan up. */
export async function cancelPlan(
  tx: Db,
  id: string,
  stamp: { at: Date; by: string },
): Promise<void> {
  const cancelled = tx
    .updateTable('replacements')
    .set({ state: 'cancelled', ...stamp, version: sql`version + 1` })
    .where('id', '=', id);
  await sendAhead(tx, cancelled.compile());
}

/** Something of a replacement was rolled back. */
export async function raiseReplacementVersion(tx: Db, id: string): Promise<void> {
  const raised = tx
    .updateTable('replacements')
    .set({ version: sql`version + 1` })
    .where('id', '=', id);
  await sendAhead(tx, raised.compile());
}

const deletePairs = (tx: Db, id: string) =>
  tx.deleteFrom('replacement_pairs').where('replacement_id', '=', id).compile();

async function insertPairs(tx: Db, id: string, pairs: readonly NewPair[]): Promise<void> {
  const insert = sql`
    INSERT INTO replacement_pairs
      (replacement_id, old_image_id, new_image_id, deprecated_old_image, restored_new_image, restored_reason)
    SELECT ${id}::uuid, pair.* FROM unnest(${pairs.map((pair) => pair.oldImageId)}::uuid[],
      ${pairs.map((pair) => pair.newImageId)}::uuid[], ${pairs.map((pair) => pair.deprecatedOldImage)}::boolean[],
      ${pairs.map((pair) => pair.restoredNewImage ?? false)}::boolean[],
      ${pairs.map((pair) => pair.restoredReason ?? null)}::text[]) AS pair`;
  await sendAhead(tx, insert.compile(tx));
}
