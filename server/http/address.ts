import { ApiError } from '#contract/errors.ts';
import { idText } from '#contract/fields.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { notSignedIn, type ScopeAddress } from '../auth/authorise.ts';
import { findOnlyAccount } from '../auth/grants.ts';
import type { Caller, Db } from '../perform.ts';

export type Level = OperationSpec['levels'][number];

/** Where the operations of a level are, below the base of the API. */
export const levelPaths: Record<Level, readonly string[]> = {
  global: ['/global'],
  // Older clients leave the account out: docs/domain.md, "Paths".
  account: ['/account/:accountId', '/account'],
  user: ['/user/:envId'],
  self: ['/self'],
};

/** @throws ApiError InvalidValue when the path names no account and the caller does not have just one */
export async function findAddress(
  db: Db,
  level: Level,
  params: Record<string, string>,
  caller: Caller,
): Promise<ScopeAddress> {
  if (level === 'user') return { level, envId: scopeId(params.envId, 'environment') };
  if (level !== 'account') return { level };
  if (params.accountId !== undefined)
    return { level, accountId: scopeId(params.accountId, 'account') };
  if (caller.kind !== 'user') throw notSignedIn();
  const narrowedTo = caller.narrowing?.to;
  if (narrowedTo && narrowedTo.scope !== 'scalr') return { level, accountId: narrowedTo.accountId };
  const accountId = await findOnlyAccount(db, caller.userId);
  if (accountId !== undefined) return { level, accountId };
  throw new ApiError(
    'InvalidValue',
    'The path names no account, and you do not have just one. Put its number after /account/.',
  );
}

/** @throws ApiError InvalidValue, as Scalr has it for scopes; other ids of a path are EndpointNotFound */
function scopeId(text: string | undefined, what: string): number {
  const id = idText.safeParse(text);
  if (id.success) return id.data;
  throw new ApiError(
    'InvalidValue',
    `The id of the ${what} in the path ${id.error.issues[0]?.message ?? 'is wrong'}.`,
  );
}

const oldOrder = /^\/api\/(user|account|global)\/v1beta0(?=\/)/;

/** Scalr's first clients named the level before the version. @returns the path as it is now */
export function renewPath(url: string): string {
  return url.replace(oldOrder, '/api/v1beta0/$1');
}
