import type { DeleteRule } from '#contract/policies/rules.ts';
import { fetchDeletionUse } from '../images/deletion-use.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { fetchPolicies, type PolicyRow } from '../../database/queries/policies/policies.ts';
import { findDeletionRefusal } from '../../domain/images/image-deletion.ts';
import { findChangeRefusal } from '../../domain/images/image-states.ts';
import { planDeprecation } from '../../domain/images/images.ts';
import type { Finding } from '../../domain/policies/findings.ts';
import { changesImages } from '../../domain/policies/rules.ts';
import { mostPerRun } from '../../domain/policies/runs.ts';
import type { Context } from '../context.ts';
import type { Change } from '../log-entry.ts';
import { changeImages } from '../images/change-images.ts';
import { removeImages } from '../images/image-deletion.ts';
import { evaluatePolicy, keepEvaluation, ruleOf } from './evaluate-policy.ts';
import { toRecordedPolicy } from './present-policies.ts';

/**
 * Carries out what is due by a policy that is enforced: it is evaluated under the lock of its scope, so that nothing
 * that it decides by can change before it is done. One change in the operations log, with all images.
 * @returns whether there is more to do at once
 */
export async function runPolicy(ctx: Context, policyId: string): Promise<boolean> {
  const [policy] = await fetchPolicies(ctx.tx, [policyId]);
  if (policy?.mode !== 'enforce' || !changesImages(ruleOf(policy))) return false;
  const findings = await evaluatePolicy(ctx.tx, policy, ctx.now);
  const due = findings.filter(({ verdict }) => verdict === 'due');
  const some = due.slice(0, mostPerRun);
  const { changes, done } = await carryOut(ctx, policy, some);
  if (done.size === 0) return false;
  await keepEvaluation(ctx, policy, findings, done);
  const after = (await fetchPolicies(ctx.tx, [policyId]))[0] ?? policy;
  ctx.record({
    kind: 'policy',
    before: toRecordedPolicy(policy),
    after: toRecordedPolicy(after),
    others: changes,
  });
  return due.length > some.length;
}

interface Outcome {
  changes: Change[];
  /** Ids of the images that it was done to. */
  done: Set<string>;
}

async function carryOut(
  ctx: Context,
  policy: PolicyRow,
  due: readonly Finding[],
): Promise<Outcome> {
  const ids = due.map(({ subject }) => subject.id);
  const images = await fetchImages(ctx.tx, ids, ctx.scope);
  const rule = ruleOf(policy);
  return rule.kind === 'delete'
    ? deleteImages(ctx, rule, images)
    : deprecateImages(ctx, policy, images, due);
}

async function deprecateImages(
  ctx: Context,
  policy: PolicyRow,
  images: readonly ImageRow[],
  due: readonly Finding[],
): Promise<Outcome> {
  const found = new Map(due.map((finding) => [finding.subject.id, finding]));
  const stamp = { at: ctx.now, by: ctx.actor };
  const planned = images.flatMap((image) => {
    const finding = found.get(image.id);
    if (!finding || findChangeRefusal(image)) return [];
    const reason = `Policy "${policy.name}": ${finding.why}`;
    const wish = { deprecate: true, reason, replacementId: finding.useInstead };
    return [[image, planDeprecation(image, wish, stamp)] as const];
  });
  const changes = await changeImages(ctx, planned);
  return { changes, done: new Set(planned.map(([{ id }]) => id)) };
}

/** What the policy found unused is asked once more, by the rule that people's own deletions follow. */
async function deleteImages(
  ctx: Context,
  { fromCloud }: DeleteRule,
  images: readonly ImageRow[],
): Promise<Outcome> {
  const uses = await fetchDeletionUse(ctx, images);
  const unused = images.filter((image) => {
    const use = uses.get(image.id);
    return use && !findDeletionRefusal(image, use, fromCloud);
  });
  const changes = await removeImages(ctx, unused, fromCloud, { onlyUnused: true });
  return { changes, done: new Set(unused.map(({ id }) => id)) };
}
