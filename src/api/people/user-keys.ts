import type { PathScope } from '../../util/paths.ts';

import { operationQuery, useOperation } from '../query.ts';
import type { Input } from '../request.ts';

type UserKeyListInput = NonNullable<Input<'userKeyList'>['query']>;

/** A page of everybody's API keys that reach a scope or what is below it. Needs an administrator there. */
export function userKeyListQuery(at: PathScope, query: UserKeyListInput) {
  return operationQuery('userKeyList', at, { query });
}

/** Disables somebody's key: `change({ params: { keyId }, ifMatch: version })`. */
export function useDisableUserKey(at: PathScope) {
  return useOperation('userKeyDisable', at);
}
