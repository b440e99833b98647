import { objectQuery, operationQuery, useOperation } from './query.ts';
import { operationUrl } from './request.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type PolicyListInput = NonNullable<Input<'policyList'>['query']>;
export type FindingListInput = NonNullable<Input<'policyFindingList'>['query']>;

/** Which evaluation of which policy. */
interface EvaluationParams {
  policyId: string;
  evaluationId: string;
}

/** A page of the policies that concern a scope. */
export function policyListQuery(at: PathScope, query: PolicyListInput = {}) {
  return operationQuery('policyList', at, { query });
}

/** One policy with what may be done with it. */
export function policyQuery(at: PathScope, policyId: string) {
  return objectQuery('policyGet', at, { params: { policyId }, query: { include: ['actions'] } });
}

/** Makes a policy in audit: `change({ body })`. */
export function useCreatePolicy(at: PathScope) {
  return useOperation('policyCreate', at);
}

/** Changes it: `change({ params: { policyId }, body, ifMatch: version })`. */
export function useUpdatePolicy(at: PathScope) {
  return useOperation('policyUpdate', at);
}

/** Deletes it with its evaluations: `change({ params: { policyId }, ifMatch: version })`. */
export function useDeletePolicy(at: PathScope) {
  return useOperation('policyDelete', at);
}

/** Has it carried out from now on: `change({ params: { policyId }, body: { evaluation } })`. */
export function useEnforcePolicy(at: PathScope) {
  return useOperation('policyEnforce', at);
}

/** Has it only look from now on: `change({ params: { policyId }, body: {} })`. */
export function useAuditPolicy(at: PathScope) {
  return useOperation('policyAudit', at);
}

/** Evaluates it now: `change({ params: { policyId }, body: {} })`. */
export function useEvaluatePolicy(at: PathScope) {
  return useOperation('policyEvaluate', at);
}

/** The evaluations of a policy that are kept, newest first. */
export function policyEvaluationListQuery(at: PathScope, policyId: string) {
  return operationQuery('policyEvaluationList', at, { params: { policyId }, query: {} });
}

/** One evaluation with its calendar. */
export function policyEvaluationQuery(at: PathScope, params: EvaluationParams) {
  return objectQuery('policyEvaluationGet', at, { params });
}

/** What it says of each object. */
export function policyFindingListQuery(
  at: PathScope,
  params: EvaluationParams,
  query: FindingListInput = {},
) {
  return operationQuery('policyFindingList', at, { params, query });
}

/** The same as CSV. */
export function policyFindingExportUrl(
  at: PathScope,
  params: EvaluationParams,
  query: NonNullable<Input<'policyFindingExport'>['query']>,
): string {
  return operationUrl('policyFindingExport', at, { params, query });
}

/** Restores what a run has deprecated: `change({ params: { policyId, evaluationId }, body: {} })`. */
export function useUndoPolicy(at: PathScope) {
  return useOperation('policyUndo', at);
}
