import type { PolicyRule } from '#contract/policies/rules.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../database/connection/connection.ts';
import {
  fetchDeletableImages,
  fetchNamed,
  fetchPolicyImages,
  fetchRolesWithOldImages,
} from '../../database/queries/policies/policy-facts.ts';
import {
  type EvaluationRow,
  insertEvaluation,
} from '../../database/queries/policies/evaluations.ts';
import { fetchPolicies, type PolicyRow } from '../../database/queries/policies/policies.ts';
import { evaluateRule, type FactsOfKind } from '../../domain/policies/evaluate.ts';
import type { Finding } from '../../domain/policies/findings.ts';
import { changesImages } from '../../domain/policies/rules.ts';
import { scopeOf } from '../../domain/scopes.ts';
import type { Context } from '../context.ts';
import { readCoverage } from '../inventory/coverage.ts';

export const ruleOf = ({ kind, rule }: Pick<PolicyRow, 'kind' | 'rule'>): PolicyRule =>
  ({ ...rule, kind }) as PolicyRule;

/** As the column keeps it, beside the kind. */
export function toRuleColumn({ kind: _inItsOwnColumn, ...rule }: PolicyRule): string {
  return JSON.stringify(rule);
}

/** What a policy says of all within its reach, by what is so in this transaction; it writes nothing. */
export async function evaluatePolicy(tx: Db, policy: PolicyRow, now: Date): Promise<Finding[]> {
  const rule = ruleOf(policy);
  return evaluateRule(rule, await readFacts(tx, policy, rule, now), now);
}

async function readFacts(
  tx: Db,
  policy: PolicyRow,
  rule: PolicyRule,
  now: Date,
): Promise<FactsOfKind> {
  const scope = scopeOf(policy);
  const reach = { scope, reach: policy.reach };
  switch (rule.kind) {
    case 'deprecate':
      return { kind: rule.kind, images: await fetchPolicyImages(tx, reach) };
    case 'delete': {
      const images = await fetchDeletableImages(tx, reach);
      return { kind: rule.kind, images, coverage: await readCoverage({ tx, scope, now }) };
    }
    case 'names':
      return { kind: rule.kind, named: await fetchNamed(tx, reach, rule.objects) };
    case 'roles':
      return { kind: rule.kind, roles: await fetchRolesWithOldImages(tx, reach) };
  }
}

/** Where a policy lives; nowhere once it is gone. */
export async function findPolicyScope(db: Db, policyId: string): Promise<ScopeRef | undefined> {
  const [policy] = await fetchPolicies(db, [policyId]);
  return policy && scopeOf(policy);
}

/** Whether a policy that is enforced has something to do, seen from outside any lock. */
export async function isSomethingDue(db: Db, policyId: string): Promise<boolean> {
  const reading = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  return reading.execute(async (tx) => {
    const [policy] = await fetchPolicies(tx, [policyId]);
    if (policy?.mode !== 'enforce' || !changesImages(ruleOf(policy))) return false;
    return (await evaluatePolicy(tx, policy, new Date())).some(({ verdict }) => verdict === 'due');
  });
}

/** Keeps what an evaluation found. @param done what of it was carried out; undefined where it only looked */
export async function keepEvaluation(
  ctx: Context,
  policy: PolicyRow,
  findings: readonly Finding[],
  done?: ReadonlySet<string>,
): Promise<EvaluationRow> {
  const count = (wanted: Finding['verdict']) =>
    findings.filter(({ verdict }) => verdict === wanted).length;
  return insertEvaluation(
    ctx.tx,
    {
      policy_id: policy.id,
      at: ctx.now,
      by: ctx.actor,
      rule: JSON.stringify(policy.rule),
      reach: policy.reach,
      mode: policy.mode,
      due: count('due'),
      later: count('later'),
      kept: count('kept'),
      ...(done && { done: done.size }),
    },
    findings,
    done,
  );
}

/** Evaluates a policy as it is and keeps that; where it is gone, nothing. */
export async function evaluateAndKeep(ctx: Context, policyId: string): Promise<void> {
  const [policy] = await fetchPolicies(ctx.tx, [policyId]);
  if (policy) await keepEvaluation(ctx, policy, await evaluatePolicy(ctx.tx, policy, ctx.now));
}
