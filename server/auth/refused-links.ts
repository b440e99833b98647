import { ApiError } from '#contract/errors.ts';
import type { OperationId } from '#contract/operations.ts';
import type { Db } from '../database/connection/connection.ts';
import { recordFailedSignIn } from '../database/queries/people/sign-ins.ts';
import { networkOf } from './network.ts';

/** Records that a link let nobody in. A wrong password is recorded where it is compared, a passkey where it is checked. */
export async function recordRefusedLink(
  db: Db,
  { operation, origin = '' }: { operation: OperationId; origin?: string },
  error: unknown,
): Promise<void> {
  const isLink = operation === 'sessionCreate' || operation === 'firstAdministratorCreate';
  if (!isLink || !(error instanceof ApiError) || error.code !== 'BadAuthentication') return;
  await recordFailedSignIn(db, 'used-link', { way: 'link', origin, network: networkOf(origin) });
}
