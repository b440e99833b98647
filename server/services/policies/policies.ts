import { isDeepStrictEqual } from 'node:util';
import { ApiError } from '#contract/errors.ts';
import type { ServiceInput } from '#contract/operations.ts';
import type { PolicyRule } from '#contract/policies/rules.ts';
import type { Policy } from '#contract/policies/policies.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import {
  deletePolicyRow,
  fetchPolicies,
  insertPolicy,
  isPolicyNamed,
  policyListPlan,
  type PolicyRow,
  updatePolicy,
} from '../../database/queries/policies/policies.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { planUpdate } from '../../domain/organisation.ts';
import { planRule } from '../../domain/policies/rules.ts';
import { findEnforceRefusal } from '../../domain/policies/runs.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { findMissingRight, findOtherScope, judge, refuseOtherScope } from '../access.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { ruleOf, toRuleColumn } from './evaluate-policy.ts';
import { getOwnPolicy, getPolicy, nameOf } from './policy-access.ts';
import { toPolicy, toRecordedPolicy } from './present-policies.ts';

/** What shall become of images as time passes: docs/domain.md, "Policies". */
export const policyHandlers = {
  policyList: async (ctx, { query }) => {
    const sort = query.sort ?? 'name';
    const plan = policyListPlan(ctx.scope, query, sort);
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, [
      'policyList',
      ctx.scope,
    ]);
    const rows = await fetchPolicies(ctx.tx, ids);
    return { data: rows.map((row) => present(ctx, row, query.include)), page };
  },

  policyGet: async (ctx, { params, query }) => {
    return { data: present(ctx, await getPolicy(ctx, params.policyId), query.include) };
  },

  policyCreate: async (ctx, { body }) => {
    refuseOtherScope(ctx, body.scope);
    const { kind, name, description = '', reach = 'scope' } = body;
    const rule = demandRule(planRule(kind, body.rule));
    await demandFreeName(ctx, name);
    const id = await insertPolicy(ctx.tx, {
      ...placeColumns(ctx.scope),
      kind,
      name,
      description,
      reach,
      rule: toRuleColumn(rule),
      created_by: ctx.actor,
      added_at: ctx.now,
    });
    const row = await getPolicy(ctx, id);
    ctx.record({ kind: 'policy', after: toRecordedPolicy(row) });
    return { data: toPolicy(row) };
  },

  policyUpdate: async (ctx, { params, body }) => {
    refuseOtherScope(ctx, body.scope);
    const before = await getOwnPolicy(ctx, params.policyId);
    return { data: toPolicy(await change(ctx, before, body)) };
  },

  policyDelete: async (ctx, { params }) => {
    const row = await getOwnPolicy(ctx, params.policyId);
    await deletePolicyRow(ctx.tx, row.id);
    ctx.record({ kind: 'policy', before: toRecordedPolicy(row) });
    return { data: null };
  },

  policyEnforce: async (ctx, { params, body }) => {
    const before = await getOwnPolicy(ctx, params.policyId);
    refuseIf(findMissingRightToEnforce(ctx, before) ?? findEnforceRefusal(before, ctx.now));
    if (body.evaluation !== before.evaluation_id)
      throw new ApiError(
        'Conflict',
        `${nameOf(before)} was evaluated again since. Look at what it would do now, and name that evaluation.`,
        { field: 'evaluation' },
      );
    return { data: toPolicy(await setMode(ctx, before, 'enforce')) };
  },

  policyAudit: async (ctx, { params }) => {
    const before = await getOwnPolicy(ctx, params.policyId);
    if (before.mode === 'audit') return { data: toPolicy(before) };
    return { data: toPolicy(await setMode(ctx, before, 'audit')) };
  },
} satisfies SomeHandlers;

function present(ctx: Context, row: PolicyRow, include: readonly string[] = []): Policy {
  if (!include.includes('actions')) return toPolicy(row);
  const own = findOtherScope(ctx, row, nameOf(row));
  const enforce = own ?? findMissingRightToEnforce(ctx, row) ?? findEnforceRefusal(row, ctx.now);
  return {
    ...toPolicy(row),
    actions: {
      update: judge(ctx, 'policyUpdate', 'change policies', own),
      evaluate: judge(ctx, 'policyEvaluate', 'evaluate policies', own),
      enforce: judge(ctx, 'policyEnforce', 'enforce policies', enforce),
      audit: judge(ctx, 'policyAudit', 'change policies', own),
      delete: judge(ctx, 'policyDelete', 'delete policies', own),
    },
  };
}

/** What deletes by itself is started by an administrator: what is gone cannot be undone. */
function findMissingRightToEnforce(ctx: Context, { kind }: PolicyRow): Refusal | undefined {
  if (kind !== 'delete') return undefined;
  return findMissingRight(ctx, 'scopes.manage', ctx.scope, 'have images deleted by a policy');
}

/** Another rule was not looked at yet, so it is carried out by nobody. */
async function change(
  ctx: Context,
  before: PolicyRow,
  body: ServiceInput<'policyUpdate'>['body'],
): Promise<PolicyRow> {
  const { name, description, reach } = before;
  const said = planUpdate(
    { name, description, reach },
    { name: body.name, description: body.description, reach: body.reach },
  );
  const rule = demandRule(planRule(before.kind, body.rule ?? {}, before.rule));
  const isOther = !isDeepStrictEqual(rule, ruleOf(before));
  if (!said && !isOther) return before;
  if (said?.name !== undefined) await demandFreeName(ctx, said.name, before.id);
  const stops = before.mode === 'enforce' && (isOther || said?.reach !== undefined);
  await updatePolicy(ctx.tx, before.id, {
    ...said,
    rule: toRuleColumn(rule),
    ...(stops && { mode: 'audit' as const, mode_by: ctx.actor, mode_at: ctx.now }),
  });
  return recordChange(ctx, before);
}

async function setMode(
  ctx: Context,
  before: PolicyRow,
  mode: PolicyRow['mode'],
): Promise<PolicyRow> {
  const by = { mode_by: ctx.actor, mode_at: ctx.now };
  // It is looked at at once.
  await updatePolicy(ctx.tx, before.id, { mode, ...by, checked_at: null });
  return recordChange(ctx, before);
}

async function recordChange(ctx: Context, before: PolicyRow): Promise<PolicyRow> {
  const after = await getPolicy(ctx, before.id);
  ctx.record({
    kind: 'policy',
    before: toRecordedPolicy(before),
    after: toRecordedPolicy(after),
  });
  return after;
}

function demandRule(rule: PolicyRule | Refusal): PolicyRule {
  if ('code' in rule) throw refusalError(rule);
  return rule;
}

async function demandFreeName(ctx: Context, name: string, ownId?: string): Promise<void> {
  if (!(await isPolicyNamed(ctx.tx, ctx.scope, name, ownId))) return;
  throw new ApiError(
    'UnicityViolation',
    `There is a policy named "${name}" here already. Choose another name.`,
    { field: 'name' },
  );
}
