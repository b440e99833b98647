import type { Db } from '../database/connection/connection.ts';
import {
  type CheckTimes,
  findPoliciesToCheck,
  notePolicyCheck,
} from '../database/queries/policies/policies.ts';
import { performInternally } from '../perform.ts';
import {
  evaluateAndKeep,
  findPolicyScope,
  isSomethingDue,
} from '../services/policies/evaluate-policy.ts';
import { runPolicy } from '../services/policies/run-policy.ts';
import { type PassOptions, startPasses } from './passes.ts';

const caller = { kind: 'system', name: 'system:policies' } as const;

/** Each policy that is enforced is looked at every ten minutes, and every policy is evaluated anew once a day. */
const usualTimes: CheckTimes = { everyMs: 600_000, evaluateMs: 24 * 3_600_000 };

/** Carries out policies that are enforced, and keeps evaluations of all of them fresh: docs/domain.md, "Policies". */
export function startPolicies(db: Db, options: PassOptions = {}): { stop(): Promise<void> } {
  return startPasses(({ onError, signal }) => checkPolicies(db, { onError, signal }), {
    everyMs: 5_000,
    ...options,
  });
}

/** One pass: looks at each policy whose time has come. What goes wrong with one holds up no other. */
export async function checkPolicies(
  db: Db,
  told: { onError: (error: unknown) => void; signal?: AbortSignal },
  times: CheckTimes = usualTimes,
): Promise<void> {
  for (const { id, isStale } of await findPoliciesToCheck(db, times)) {
    if (told.signal?.aborted) return;
    const again = await checkPolicy(db, id, isStale).catch((error: unknown) => {
      told.onError(error);
      return false;
    });
    await notePolicyCheck(db, id, { again });
  }
}

/** @returns whether there is more to do at once */
async function checkPolicy(db: Db, id: string, isStale: boolean): Promise<boolean> {
  const scope = await findPolicyScope(db, id);
  if (!scope) return false;
  // Looking takes no lock, so nobody waits for what finds nothing to do.
  if (await isSomethingDue(db, id))
    return performInternally(db, { caller, operation: 'policyRun', scope }, (ctx) =>
      runPolicy(ctx, id),
    );
  if (isStale)
    await performInternally(db, { caller, operation: 'policyEvaluate', scope }, (ctx) =>
      evaluateAndKeep(ctx, id),
    );
  return false;
}
