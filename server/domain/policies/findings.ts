import type { FindingCode, findingKinds, FindingVerdict } from '#contract/policies/evaluations.ts';
import type { ScopedRow } from '../scopes.ts';

/** What a policy looks at. */
export interface Subject extends ScopedRow {
  kind: (typeof findingKinds)[number];
  id: string;
  name: string;
  cloud_platform: string | null;
  cloud_location: string | null;
}

/** What a rule says of one subject. */
export interface Finding {
  subject: Subject;
  verdict: FindingVerdict;
  dueAt: Date | null;
  code: FindingCode;
  /** One sentence. */
  why: string;
  /** Of an image that is to be deprecated: what to use instead, where there is something. */
  useInstead?: string | undefined;
}

export const kept = (subject: Subject, code: FindingCode, why: string): Finding => ({
  subject,
  verdict: 'kept',
  dueAt: null,
  code,
  why,
});

/** Due, if its time has come; later otherwise. */
export function dueFrom(
  subject: Subject,
  dueAt: Date,
  now: Date,
  { code, why }: Pick<Finding, 'code' | 'why'>,
): Finding {
  return { subject, verdict: dueAt <= now ? 'due' : 'later', dueAt, code, why };
}

const dayMs = 24 * 3_600_000;

export const afterDays = (since: Date, days: number): Date =>
  new Date(Number(since) + days * dayMs);

export const daysInWords = (days: number): string => `${days} ${days === 1 ? 'day' : 'days'}`;

export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
