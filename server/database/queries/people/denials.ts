import { sql } from 'kysely';
import type { ApiError } from '#contract/errors.ts';
import type { Db } from '../../connection/connection.ts';

/**
 * Records a refusal for want of a right, after the roll-back of what was refused. The same code for the same
 * operation, level and person within a minute counts in the first one's row: docs/domain.md, "Denials".
 */
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
      minute: sql<Date>`date_trunc('minute', clock_timestamp())`,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['minute', 'actor', 'operation', 'scope', 'code'])
        .where('minute', 'is not', null)
        .doUpdateSet({
          count: sql<number>`denials.count + 1`,
          last_at: sql<Date>`clock_timestamp()`,
        }),
    )
    .execute();
}
