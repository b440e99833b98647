import type { SignInProblem } from '#contract/people/sign-in-problems.ts';

/** Somebody whom the provider has let in, as its claims have it. */
export interface ProviderPerson {
  /** Both together name somebody for ever. */
  issuer: string;
  subject: string;
  /** In lower case. */
  email: string | undefined;
  /** Undefined where the provider does not say. */
  emailVerified: boolean | undefined;
  name: string | undefined;
  /** Undefined where groups decide nothing. */
  groups: readonly string[] | undefined;
}

/** Whom first sign-ins are open to, beside those who were invited. */
export interface ProviderRules {
  /** In lower case. */
  allowedDomains: readonly string[];
  /** An e-mail address counts as verified where the provider does not say. */
  trustsEmail: boolean;
}

interface User {
  id: number;
  status: 'active' | 'suspended' | 'left';
}

export interface ProviderFacts {
  /** The user who is bound to this issuer and subject. */
  bound: (User & { email: string }) | undefined;
  /** The user with this e-mail address, and whether another subject of the issuer is theirs. */
  invited: (User & { isBound: boolean }) | undefined;
  /** Whether anybody could administer what a newcomer may do. */
  hasAdministrator: boolean;
}

export type ProviderDecision =
  | { kind: 'known'; userId: number }
  | { kind: 'bind'; userId: number; email: string }
  | { kind: 'create'; email: string }
  /** With the address that is known to be theirs: nobody is to write failed sign-ins under that of others. */
  | { kind: 'refused'; problem: SignInProblem; email: string | undefined };

/** Who signs in: docs/domain.md, "Signing in by a provider". */
export function planProviderSignIn(
  person: Pick<ProviderPerson, 'email' | 'emailVerified'>,
  { bound, invited, hasAdministrator }: ProviderFacts,
  { allowedDomains, trustsEmail }: ProviderRules,
): ProviderDecision {
  // Addresses change hands: whoever was here once is known by the subject alone.
  if (bound) return admit(bound, { kind: 'known', userId: bound.id }, bound.email);
  const { email } = person;
  if (email === undefined) return refuse('no-email');
  if (!(person.emailVerified ?? trustsEmail)) return refuse('unverified');
  if (invited?.isBound === true) return refuse('taken', email);
  if (invited) return admit(invited, { kind: 'bind', userId: invited.id, email }, email);
  if (!allowedDomains.includes(email.slice(email.lastIndexOf('@') + 1)))
    return refuse('unknown-person', email);
  return hasAdministrator ? { kind: 'create', email } : refuse('no-administrator', email);
}

function admit(user: User, decision: ProviderDecision, email: string): ProviderDecision {
  if (user.status === 'active') return decision;
  // Whoever has left is invited anew, or stays out.
  return refuse(user.status === 'left' ? 'unknown-person' : 'suspended', email);
}

function refuse(problem: SignInProblem, email?: string): ProviderDecision {
  return { kind: 'refused', problem, email };
}
