import { ApiError } from '#contract/errors.ts';
import type { ServiceInput } from '#contract/operations.ts';
import { fetchImages } from '../../database/queries/images/images.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import {
  countUndoable,
  evaluationListPlan,
  type EvaluationRow,
  fetchCalendar,
  fetchEvaluations,
  fetchFindings,
  fetchUndoable,
  findingListPlan,
  noteUndone,
} from '../../database/queries/policies/evaluations.ts';
import { type PolicyRow, updatePolicy } from '../../database/queries/policies/policies.ts';
import { planDeprecation } from '../../domain/images/images.ts';
import { findUndoRefusal } from '../../domain/policies/runs.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { changeImages } from '../images/change-images.ts';
import { exportList, exportPageSize } from '../list-export.ts';
import { refuseIf } from '../refuse.ts';
import { evaluatePolicy, keepEvaluation } from './evaluate-policy.ts';
import { getOwnPolicy, getPolicyAtHome } from './policy-access.ts';
import {
  findingCsvColumns,
  toEvaluation,
  toFinding,
  toRecordedPolicy,
} from './present-policies.ts';

type FindingQuery = ServiceInput<'policyFindingList'>['query'];
interface Params {
  policyId: string;
  evaluationId: string;
}

/** What policies would do, and did: docs/domain.md, "Policies". */
export const policyEvaluationHandlers = {
  policyEvaluate: async (ctx, { params }) => {
    const policy = await getOwnPolicy(ctx, params.policyId);
    const findings = await evaluatePolicy(ctx.tx, policy, ctx.now);
    const row = await keepEvaluation(ctx, policy, findings);
    return { data: await present(ctx, policy, row) };
  },

  policyEvaluationList: async (ctx, { params, query }) => {
    const policy = await getPolicyAtHome(ctx, params.policyId);
    const sort = query.sort ?? '-at';
    const plan = evaluationListPlan(policy.id, sort);
    const of = ['policyEvaluationList', ctx.scope, policy.id];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
    const rows = await fetchEvaluations(ctx.tx, ids);
    const undoable = await countUndoable(ctx.tx, ids);
    const data = rows.map((row) => toEvaluation(ctx, policy, row, undoable.get(row.id) ?? 0));
    return { data, page };
  },

  policyEvaluationGet: async (ctx, { params }) => {
    const policy = await getPolicyAtHome(ctx, params.policyId);
    const { version } = policy;
    return { data: await present(ctx, policy, await getEvaluation(ctx, params)), version };
  },

  policyFindingList: (ctx, { params, query }) => listFindings(ctx, params, query),

  policyFindingExport: async (ctx, { params, query }) => {
    // Once lines are on their way, it is too late to refuse.
    await getPolicyAtHome(ctx, params.policyId);
    await getEvaluation(ctx, params);
    const readPage = (cursor: string) =>
      listFindings(ctx, params, { ...query, cursor, maxResults: exportPageSize });
    return { data: '', csv: exportList(findingCsvColumns, readPage) };
  },

  policyUndo: async (ctx, { params }) => {
    const before = await getOwnPolicy(ctx, params.policyId);
    const run = await getEvaluation(ctx, params);
    const ids = await fetchUndoable(ctx.tx, run);
    refuseIf(findUndoRefusal(before.kind, run, ids.length));
    const stamp = { at: ctx.now, by: ctx.actor };
    const images = await fetchImages(ctx.tx, ids, ctx.scope);
    const changes = await changeImages(
      ctx,
      images.map((image) => [image, planDeprecation(image, { deprecate: false }, stamp)]),
    );
    const row = await noteUndone(ctx.tx, run.id, { ...stamp, restored: images.length });
    // Otherwise its next run would do the same again.
    const mode = { mode: 'audit' as const, mode_by: ctx.actor, mode_at: ctx.now };
    await updatePolicy(ctx.tx, before.id, mode);
    const after = await getPolicyAtHome(ctx, before.id);
    ctx.record({
      kind: 'policy',
      before: toRecordedPolicy(before),
      after: toRecordedPolicy(after),
      others: changes,
    });
    return { data: await present(ctx, after, row), version: after.version };
  },
} satisfies SomeHandlers;

async function present(ctx: Context, policy: PolicyRow, row: EvaluationRow) {
  const undoable = await countUndoable(ctx.tx, [row.id]);
  return {
    ...toEvaluation(ctx, policy, row, undoable.get(row.id) ?? 0),
    calendar: await fetchCalendar(ctx.tx, row),
  };
}

async function listFindings(ctx: Context, params: Params, query: FindingQuery) {
  await getPolicyAtHome(ctx, params.policyId);
  const evaluation = await getEvaluation(ctx, params);
  const sort = query.sort ?? 'due';
  const plan = findingListPlan(evaluation, query, sort);
  const of = ['policyFindingList', ctx.scope, evaluation.id];
  const { ids, page } = await fetchPage<number>(ctx.tx, plan, { ...query, sort }, of);
  return { data: (await fetchFindings(ctx.tx, evaluation.id, ids)).map(toFinding), page };
}

/** @throws ApiError ObjectNotFound */
async function getEvaluation(
  ctx: Context,
  { policyId, evaluationId }: Params,
): Promise<EvaluationRow> {
  const [row] = await fetchEvaluations(ctx.tx, [evaluationId]);
  if (row?.policy_id === policyId) return row;
  throw new ApiError(
    'ObjectNotFound',
    `The policy has no evaluation with the id ${evaluationId}. evaluations/ lists those that are kept.`,
  );
}
