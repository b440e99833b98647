import type { ContactState } from '#contract/farms/owner-contacts.ts';
import { mailAddress } from '#contract/fields.ts';

/** What is known of an owner and the farm roles on old images that they were or were not written to about. */
export interface ContactFacts {
  email: string;
  status: 'active' | 'suspended';
  /** Farm roles on old images now. */
  farm_roles: number;
  untold: number;
  asked: number;
  asked_until: string | null;
  sending: number;
  failed: number;
}

/** Where it stands with an owner: docs/domain.md, "Contacting owners". */
export function contactState(facts: ContactFacts): ContactState {
  if (facts.farm_roles === 0) return 'done';
  if (facts.untold > 0) return 'not_contacted';
  if (facts.asked === facts.farm_roles) return 'asked';
  if (facts.failed > 0) return 'failed';
  return facts.sending > 0 ? 'sending' : 'sent';
}

/** Why no message can reach somebody; undefined where one can. */
export function unreachableWords({
  email,
  status,
}: Pick<ContactFacts, 'email' | 'status'>): string | undefined {
  if (status === 'suspended') return 'The user is suspended.';
  return mailAddress.safeParse(email).success ? undefined : 'The mail address is not one.';
}

/**
 * Whether a message goes to the owner unless others are named: something of theirs is still on an old image, and
 * nobody has told them, or could, or the day that they named has passed.
 * @param today `2026-12-31`
 */
export function isContactDue(facts: ContactFacts, today: string): boolean {
  if (unreachableWords(facts) !== undefined) return false;
  const state = contactState(facts);
  if (state === 'asked') return facts.asked_until !== null && facts.asked_until < today;
  return state === 'not_contacted' || state === 'failed';
}
