import type { Refusal } from '../refusal.ts';

/** Where passkeys work: a host, and the address that its pages have. */
export interface PasskeySite {
  host: string;
  origin: string;
}

/** What is kept of a passkey that an authenticator has made. */
export interface MadePasskey {
  credentialId: string;
  publicKey: Buffer;
  counter: number;
  synced: boolean;
}

/** What decides whether whoever came in needs a passkey as well: docs/domain.md, "Passkeys". */
export interface SecondStepFacts {
  /** How they came in. */
  by: 'password' | 'own-link';
  /** They want it. */
  isChosen: boolean;
  /** Whoever runs Slipway wants it of everybody. */
  isDemanded: boolean;
  /** How many they have that work at this address. */
  passkeys: number;
}

/** `missing` is for whom one is asked for, and who has none here. */
export function decideSecondStep(facts: SecondStepFacts): 'none' | 'passkey' | 'missing' {
  const { by, isChosen, isDemanded, passkeys } = facts;
  if (!isChosen && !isDemanded) return 'none';
  if (passkeys > 0) return 'passkey';
  // Where it is demanded, this is how somebody comes in to make their first one.
  return by === 'own-link' && !isChosen ? 'none' : 'missing';
}

/**
 * Whether an authenticator counts backwards, or not at all although it did: then there is a copy of it. One that
 * never counts says 0.
 */
export function isCountedBack(known: number, told: number): boolean {
  return (known > 0 || told > 0) && told <= known;
}

/** What somebody has to sign in with beside one of their passkeys. */
export interface OtherWays {
  passkeys: number;
  /** They have one, and passwords are accepted. */
  hasPassword: boolean;
  /** They are bound to the provider that is set up. */
  hasProvider: boolean;
  /** They can have a link sent. */
  hasMail: boolean;
  isChosen: boolean;
  isDemanded: boolean;
}

/** Why a passkey stays: without it nobody could come in. */
export function findPasskeyRemovalRefusal(others: OtherWays): Refusal | undefined {
  if (others.passkeys > 0) return undefined;
  if (others.isChosen)
    return refuse(
      'It is your last passkey, and you have one asked for after your password. Switch that off first, or add another passkey.',
    );
  const hasPassword = others.hasPassword && !others.isDemanded;
  if (hasPassword || others.hasProvider || others.hasMail) return undefined;
  return refuse(
    'It is the last way that you can sign in by. Add another passkey, or set a password, first.',
  );
}

/** Why nobody is asked for a passkey after their password: they have none. */
export function findSecondStepRefusal(passkeys: number): Refusal | undefined {
  return passkeys > 0 ? undefined : refuse('You have no passkey yet. Add one first.');
}

function refuse(reason: string): Refusal {
  return { code: 'UnacceptableState', reason };
}
