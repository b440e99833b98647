import type { PolicyKind } from '#contract/policies/rules.ts';
import type { Refusal } from '../refusal.ts';
import { findEnforcementRefusal } from './rules.ts';

// When a policy may be carried out, and a run undone: docs/domain.md, "Policies".

/** Of so much at once; the rest follows in the next run. */
export const mostPerRun = 500;

/** What was shown longer ago than this is not what would be done now. */
const longestShownMs = 24 * 3_600_000;

/** How a policy stands, as far as enforcing it is concerned. */
export interface Enforceable {
  name: string;
  kind: PolicyKind;
  mode: 'audit' | 'enforce';
  /** The latest evaluation of its rule as it is now. */
  evaluated_at: Date | null;
}

/** Why a policy cannot be enforced now. */
export function findEnforceRefusal(policy: Enforceable, now: Date): Refusal | undefined {
  const never = findEnforcementRefusal(policy.kind);
  if (never) return never;
  const { name, mode, evaluated_at: at } = policy;
  if (mode === 'enforce')
    return { code: 'UnacceptableState', reason: `Policy "${name}" is enforced already.` };
  if (at === null || Number(now) - Number(at) > longestShownMs)
    return {
      code: 'UnacceptableState',
      reason: `Policy "${name}" was not evaluated in the last day as it is now. Evaluate it, and look at what it would do.`,
    };
  return undefined;
}

/** Why what a run did cannot be undone. */
export function findUndoRefusal(
  kind: PolicyKind,
  run: { done: number | null; undone_at: Date | null },
  undoable: number,
): Refusal | undefined {
  const refuse = (reason: string): Refusal => ({ code: 'UnacceptableState', reason });
  if (run.done === null) return refuse('It only looked, and changed nothing.');
  if (kind === 'delete') return refuse('Deleted images cannot be brought back.');
  if (run.undone_at !== null) return refuse('It was undone already.');
  if (undoable === 0)
    return refuse('All that it deprecated was restored, changed or deleted since.');
  return undefined;
}
