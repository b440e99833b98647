import { objectQuery, operationQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

const corporate: PathScope = { scope: 'scalr' };

/** A scope: its names, what the user may do there, and how much is in it. */
export function scopeQuery(at: PathScope) {
  return objectQuery('scopeGet', at, { query: { include: ['counts'] } });
}

/** Every scope that the user may open, parents before children; at most 500, narrowed by the text. */
export function scopeListQuery(text = '') {
  return operationQuery('scopeList', 'self', { query: { query: text } });
}

export type AccountListInput = NonNullable<Input<'accountList'>['query']>;

/** A page of the accounts. Needs a right at Corporate. */
export function accountListQuery(query: AccountListInput = {}) {
  return operationQuery('accountList', corporate, { query });
}

/**
 * One account. Needs a right at Corporate.
 * @public Every operation of the contract can be called; no page shows this one.
 */
export function accountQuery(accountId: number) {
  return objectQuery('accountGet', corporate, { params: { accountId } });
}

/** Creates an account: `change({ body: { name } })`. */
export function useCreateAccount() {
  return useOperation('accountCreate', corporate);
}

/** Renames an account: `change({ params: { accountId }, body: { name }, ifMatch: version })`. */
export function useUpdateAccount() {
  return useOperation('accountUpdate', corporate);
}

/** Deletes an empty account: `change({ params: { accountId }, ifMatch: version })`. */
export function useDeleteAccount() {
  return useOperation('accountDelete', corporate);
}

export type EnvironmentListInput = NonNullable<Input<'environmentList'>['query']>;

/** A page of the environments of an account. */
export function environmentListQuery(accountId: number, query: EnvironmentListInput = {}) {
  return operationQuery('environmentList', { scope: 'account', accountId }, { query });
}

/**
 * One environment, asked for at its account.
 * @public Every operation of the contract can be called; no page shows this one.
 */
export function environmentQuery(accountId: number, envId: number) {
  return objectQuery('environmentGet', { scope: 'account', accountId }, { params: { envId } });
}

/** Creates an environment in the account: `change({ body: { name } })`. */
export function useCreateEnvironment(accountId: number) {
  return useOperation('environmentCreate', { scope: 'account', accountId });
}

/** Renames an environment or changes its status: `change({ params: { envId }, body, ifMatch: version })`. */
export function useUpdateEnvironment(accountId: number) {
  return useOperation('environmentUpdate', { scope: 'account', accountId });
}

/** Deletes an empty environment: `change({ params: { envId }, ifMatch: version })`. */
export function useDeleteEnvironment(accountId: number) {
  return useOperation('environmentDelete', { scope: 'account', accountId });
}
