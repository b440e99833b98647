import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Verdict } from '#contract/actions.ts';
import { ApiError, type Blocker } from '#contract/errors.ts';
import {
  type Plan,
  type PlanDifference,
  planDifferenceSchema,
  type PlanItem,
} from '#contract/plans.ts';
import { findDifference, inPlanOrder, keyOf } from '../domain/plan-differences.ts';

/** As much as fits into a header beside everything else. */
const longestDigest = 4000;
const mostBytes = 1_000_000;
/** No more items of either kind are named in an answer. */
const named = 100;

/**
 * The digest of a plan, for the answer that shows it. It holds the items themselves, so that a difference
 * can be named later without keeping anything; only their hash where they are too many for a header.
 */
export function digestOf(items: readonly PlanItem[]): string {
  const text = JSON.stringify(inPlanOrder(items));
  const whole = `p${deflateRawSync(text).toString('base64url')}`;
  return whole.length <= longestDigest ? whole : hashOf(items);
}

/**
 * The answer of a preview.
 * @param blockers what stands in the way; none for an act that nothing of this kind keeps from being done
 */
export function toPlan(verdict: Verdict, items: PlanItem[], blockers: Blocker[] = []): Plan {
  const isOthers = verdict.code === 'ScopeViolation' || verdict.code === 'PermissionViolation';
  return { ...verdict, digest: digestOf(items), items, blockers: isOthers ? [] : blockers };
}

function hashOf(items: readonly PlanItem[]): string {
  const keys = inPlanOrder(items).map(keyOf);
  return `h${createHash('sha256').update(JSON.stringify(keys)).digest('base64url')}`;
}

/**
 * Demands that a plan is the one that was shown (docs/domain.md, "Acting on what was shown").
 * @throws ApiError Conflict with the difference; BadRequest for what is no digest
 */
export function demandPlan(digest: string, now: readonly PlanItem[]): void {
  if (digest.startsWith('h')) {
    if (digest !== hashOf(now)) throw changed({ added: [], gone: [] });
    return;
  }
  demandSame(itemsOf(digest), now);
}

/** @throws ApiError Conflict with the difference from a plan that was shown or kept */
export function demandSame(before: readonly PlanItem[], now: readonly PlanItem[]): void {
  const difference = findDifference(before, now);
  if (difference) throw changed(difference);
}

function itemsOf(digest: string): PlanItem[] {
  try {
    const packed = Buffer.from(digest.slice(1), 'base64url');
    const text = inflateRawSync(packed, { maxOutputLength: mostBytes }).toString();
    return planDifferenceSchema.shape.added.parse(JSON.parse(text));
  } catch {
    throw new ApiError(
      'BadRequest',
      'X-Plan-Digest is none that a preview gave. Send it back as it was, or leave it out.',
    );
  }
}

/** As much of a difference as an answer names. */
export function shortDifference({ added, gone }: PlanDifference): PlanDifference {
  return { added: added.slice(0, named), gone: gone.slice(0, named) };
}

function changed(difference: PlanDifference): ApiError {
  return new ApiError(
    'Conflict',
    'Nothing was changed: what would happen now is not what was shown. Look at it again and confirm it.',
    { difference: shortDifference(difference) },
  );
}
