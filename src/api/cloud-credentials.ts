import { objectQuery, operationQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type CloudCredentialsListInput = NonNullable<Input<'cloudCredentialsList'>['query']>;

/** A page of the cloud credentials that a scope sees, with what may be done with them. */
export function cloudCredentialsListQuery(at: PathScope, query: CloudCredentialsListInput = {}) {
  return operationQuery('cloudCredentialsList', at, { query });
}

/**
 * Cloud credentials.
 * @public The list has all of them that a page shows.
 */
export function cloudCredentialsQuery(at: PathScope, cloudCredentialsId: string) {
  return objectQuery('cloudCredentialsGet', at, { params: { cloudCredentialsId } });
}

/** Adds cloud credentials: `change({ body })`. */
export function useCreateCloudCredentials(at: PathScope) {
  return useOperation('cloudCredentialsCreate', at);
}

/** Changes them, or their secret: `change({ params: { cloudCredentialsId }, body, ifMatch: version })`. */
export function useUpdateCloudCredentials(at: PathScope) {
  return useOperation('cloudCredentialsUpdate', at);
}

/** Has their cloud asked what they may do: `change({ params: { cloudCredentialsId }, body: {} })`. */
export function useTestCloudCredentials(at: PathScope) {
  return useOperation('cloudCredentialsTest', at);
}

/** Deletes those that nothing uses: `change({ params: { cloudCredentialsId }, ifMatch: version })`. */
export function useDeleteCloudCredentials(at: PathScope) {
  return useOperation('cloudCredentialsDelete', at);
}

const account = (accountId: number): PathScope => ({ scope: 'account', accountId });

/**
 * Which credentials an environment uses.
 * @public Credentials say which environments use them.
 */
export function environmentCloudListQuery(accountId: number, envId: number) {
  return operationQuery('environmentCloudList', account(accountId), { params: { envId } });
}

/**
 * Which credentials an environment uses for a platform.
 * @public Credentials say which environments use them.
 */
export function environmentCloudQuery(
  accountId: number,
  params: Input<'environmentCloudGet'>['params'],
) {
  return operationQuery('environmentCloudGet', account(accountId), { params });
}

/** Gives an environment credentials: `change({ params: { envId, cloud }, body: { credentials } })`. */
export function useAttachCredentials(accountId: number) {
  return useOperation('environmentCloudAttach', account(accountId));
}

/** Takes them: `change({ params: { envId, cloud } })`. */
export function useDetachCredentials(accountId: number) {
  return useOperation('environmentCloudDetach', account(accountId));
}
