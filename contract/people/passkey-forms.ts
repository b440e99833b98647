import { z } from 'zod';
import { bounded } from '../fields.ts';

// What goes between Slipway and a browser's authenticator: https://www.w3.org/TR/webauthn-3/. Bytes are base64url.

const bytes = (max: number) => bounded(max, 1).regex(/^[\w-]+$/, 'must be base64url');
/** An authenticator may take 1,023 bytes for it. */
const credentialId = bytes(1_400);
const clientDataJSON = bytes(2_000);

/** How an authenticator shows that it has the key, for a challenge. */
export const passkeyAnswerSchema = z.strictObject({
  id: credentialId,
  clientDataJSON,
  authenticatorData: bytes(1_000),
  signature: bytes(2_000),
  /** Whose the authenticator says that it is. */
  userHandle: bytes(100).optional(),
});
export type PasskeyAnswer = z.output<typeof passkeyAnswerSchema>;

/** A key that an authenticator has made. */
export const newPasskeyAnswerSchema = z.strictObject({
  id: credentialId,
  clientDataJSON,
  attestationObject: bytes(8_000),
  /** How the browser reaches the authenticator: `internal`, `usb` and their like. */
  transports: z
    .array(bounded(32, 1).regex(/^[a-z-]+$/, 'is not a transport'))
    .max(10)
    .optional(),
});
export type NewPasskeyAnswer = z.output<typeof newPasskeyAnswerSchema>;

const descriptorSchema = z.object({
  id: z.string(),
  type: z.literal('public-key'),
  transports: z.array(z.string()),
});

const shared = { challenge: z.string(), timeout: z.int() } as const;

/** What a browser is asked for, to use a passkey: the options of `navigator.credentials.get`. */
export const passkeyRequestSchema = z.object({
  ...shared,
  rpId: z.string(),
  userVerification: z.enum(['required', 'preferred']),
  /** None means any that the authenticator has for this site. */
  allowCredentials: z.array(descriptorSchema),
});
export type PasskeyRequest = z.output<typeof passkeyRequestSchema>;

/** What a browser is asked for, to make a passkey: the options of `navigator.credentials.create`. */
export const passkeyCreationSchema = z.object({
  ...shared,
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.literal('public-key'), alg: z.int() })),
  excludeCredentials: z.array(descriptorSchema),
  authenticatorSelection: z.object({
    residentKey: z.literal('required'),
    requireResidentKey: z.literal(true),
    userVerification: z.literal('required'),
  }),
  attestation: z.literal('none'),
});
export type PasskeyCreation = z.output<typeof passkeyCreationSchema>;
