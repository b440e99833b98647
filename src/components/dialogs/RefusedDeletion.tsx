import type { Verdict } from '#contract/actions.ts';
import type { Plan } from '#contract/plans.ts';

import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { Notice } from '../Notice.tsx';

import { ClearableBlockers } from './ClearableBlockers.tsx';

/**
 * Why a deletion cannot be confirmed, or undefined where it can.
 * @param shown the plan that the dialog shows, with `problem` while there is none
 * @param verdict what the object's own answer said; the plan is newer
 */
export function reasonAgainstDeletion(
  shown: { data: Plan | undefined; problem: string | undefined },
  verdict: Verdict | undefined,
): string | undefined {
  const known = shown.data ?? verdict;
  return known?.allowed === false ? reasonAgainst(known) : shown.problem;
}

interface RefusedDeletionProps {
  at: PathScope;
  plan: Plan | undefined;
  verdict: Verdict | undefined;
}

/** That an object cannot be deleted now, everything that stands in the way, and how to clear it. Nothing where it can. */
export function RefusedDeletion({ at, plan, verdict }: RefusedDeletionProps) {
  const known = plan ?? verdict;
  if (known?.allowed !== false) return null;
  return (
    <Notice tone="warning">
      <p>{reasonAgainst(known)}</p>
      <ClearableBlockers at={at} blockers={plan?.blockers ?? []} />
    </Notice>
  );
}
