import { randomBytes } from 'node:crypto';
import type {
  NewPasskeyAnswer,
  PasskeyAnswer,
  PasskeyCreation,
  PasskeyRequest,
} from '#contract/people/passkey-forms.ts';
import type { KnownPasskey, PasskeyToCheck } from '../database/queries/people/passkeys.ts';
import type { MadePasskey, PasskeySite } from '../domain/people/passkeys.ts';
import { challengeMinutes } from '../database/queries/people/passkeys.ts';

export type { PasskeySite };

// What signatures cost to load is spent when the first passkey is used.
const load = () => import('@simplewebauthn/server');

const timeout = challengeMinutes * 60_000;
/** EdDSA, ES256 and RS256 in the words of COSE: what authenticators have. */
const algorithms = [-8, -7, -257];

/** 256 random bits in base64url. */
export function newChallenge(): string {
  return randomBytes(32).toString('base64url');
}

const toDescriptor = ({ id, transports }: KnownPasskey) => ({
  id,
  type: 'public-key' as const,
  transports,
});

/** The 16 bytes of a handle, as authenticators keep them. */
const bytesOf = (handle: string) => Buffer.from(handle.replaceAll('-', ''), 'hex');

/** What to ask a browser for, so that it makes a passkey that signs in without a password. */
export function creationFor(
  site: PasskeySite,
  challenge: string,
  user: { handle: string; email: string; name: string; passkeys: readonly KnownPasskey[] },
): PasskeyCreation {
  return {
    challenge,
    timeout,
    rp: { id: site.host, name: 'Slipway' },
    user: {
      id: bytesOf(user.handle).toString('base64url'),
      name: user.email,
      displayName: user.name,
    },
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: user.passkeys.map(toDescriptor),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
    attestation: 'none',
  };
}

/**
 * What to ask a browser for, to use a passkey.
 * @param allowed which will do; any that the authenticator has for the site, unless given
 */
export function requestFor(
  site: PasskeySite,
  challenge: string,
  userVerification: PasskeyRequest['userVerification'],
  allowed: readonly KnownPasskey[] = [],
): PasskeyRequest {
  const allowCredentials = allowed.map(toDescriptor);
  return { challenge, timeout, rpId: site.host, userVerification, allowCredentials };
}

/** The challenge that an answer says it is to; undefined for what is no answer. */
export function challengeIn({ clientDataJSON }: { clientDataJSON: string }): string | undefined {
  try {
    const told: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString());
    const challenge = (told as { challenge?: unknown } | null)?.challenge;
    return typeof challenge === 'string' ? challenge : undefined;
  } catch {
    return undefined;
  }
}

/** @returns undefined for what no authenticator of this site has made, for this challenge, with its user there */
export async function readMadePasskey(
  site: PasskeySite,
  challenge: string,
  made: NewPasskeyAnswer,
): Promise<MadePasskey | undefined> {
  const { id, clientDataJSON, attestationObject } = made;
  const { verifyRegistrationResponse } = await load();
  const { registrationInfo } = await verifyRegistrationResponse({
    response: {
      id,
      rawId: id,
      type: 'public-key',
      response: { clientDataJSON, attestationObject },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.host,
    supportedAlgorithmIDs: algorithms,
    requireUserVerification: true,
  }).catch(() => ({ registrationInfo: undefined }));
  if (!registrationInfo) return undefined;
  const { credential, credentialBackedUp: synced } = registrationInfo;
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey),
    counter: credential.counter,
    synced,
  };
}

/**
 * Checks an answer: signature, site, challenge, and that its user was there.
 * @param isAlone the passkey is all that is shown, so the authenticator must have made sure who uses it
 * @returns how often the authenticator says that the passkey was used; undefined for what is wrong
 */
export async function checkAnswer(
  site: PasskeySite,
  challenge: string,
  {
    answer,
    passkey,
    isAlone,
  }: { answer: PasskeyAnswer; passkey: PasskeyToCheck; isAlone: boolean },
): Promise<{ counter: number; synced: boolean } | undefined> {
  const { id, userHandle, ...response } = answer;
  if (userHandle !== undefined && userHandle !== bytesOf(passkey.handle).toString('base64url'))
    return undefined;
  const { verifyAuthenticationResponse } = await load();
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.host,
    requireUserVerification: isAlone,
    // The counter is compared once the signature is known to be right: before, anybody could have written it.
    credential: { id, publicKey: new Uint8Array(passkey.public_key), counter: 0 },
  }).catch(() => ({ verified: false as const, authenticationInfo: undefined }));
  if (!verified) return undefined;
  return {
    counter: authenticationInfo.newCounter,
    synced: authenticationInfo.credentialBackedUp,
  };
}
