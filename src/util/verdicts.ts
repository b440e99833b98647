import type { Verdict } from '#contract/actions.ts';

/**
 * The reason to show on an action that the server does not allow, or undefined where it does. An
 * answer that came without verdicts allows nothing yet.
 */
export function reasonAgainst(verdict: Verdict | undefined): string | undefined {
  if (verdict === undefined) return 'Not known yet whether this is possible.';
  if (verdict.allowed) return undefined;
  return verdict.reason ?? 'This is not possible here.';
}
