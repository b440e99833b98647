import type { ApiError } from '#contract/errors.ts';
import type { Db } from '../../connection/connection.ts';

/** Records a refusal for want of a right, after the roll-back of what was refused. */
export async function recordDenial(
  db: Db,
  denial: {
    requestId: string;
    operation: string;
    credential: string;
    origin: string;
    caller:
      | { kind: 'user'; email: string }
      | { kind: 'system'; name: string }
      | { kind: 'anonymous' };
    address: { level: string; accountId?: number; envId?: number };
    refusal: ApiError;
  },
): Promise<void> {
  const { caller, address } = denial;
  await db
    .insertInto('denials')
    .values({
      request_id: denial.requestId,
      operation: denial.operation,
      actor:
        caller.kind === 'user'
          ? caller.email
          : caller.kind === 'system'
            ? caller.name
            : 'anonymous',
      credential: denial.credential,
      origin: denial.origin,
      scope: address.level,
      account_id: address.accountId ?? null,
      environment_id: address.envId ?? null,
      code: denial.refusal.code,
      message: denial.refusal.message,
    })
    .execute();
}
