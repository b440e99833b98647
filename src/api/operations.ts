import { objectQuery, operationQuery } from './query.ts';
import { operationUrl } from './request.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type OperationListInput = NonNullable<Input<'operationList'>['query']>;

/** What was changed at and below a scope, latest first. */
export function operationListQuery(at: PathScope, query: OperationListInput = {}) {
  return operationQuery('operationList', at, { query });
}

/** The list as CSV, whole and in its order. */
export function operationExportUrl(
  at: PathScope,
  query: NonNullable<Input<'operationExport'>['query']>,
): string {
  return operationUrl('operationExport', at, { query });
}

/** One change: what was before and after, and what takes it back. */
export function operationDetailQuery(at: PathScope, operationId: string) {
  return objectQuery('operationGet', at, { params: { operationId } });
}

export type DenialListInput = NonNullable<Input<'denialList'>['query']>;

/** What was refused for want of a right; for administrators of the scope. */
export function denialListQuery(at: PathScope, query: DenialListInput = {}) {
  return operationQuery('denialList', at, { query });
}
