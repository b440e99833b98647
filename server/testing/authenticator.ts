import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import type {
  NewPasskeyAnswer,
  PasskeyAnswer,
  PasskeyCreation,
  PasskeyRequest,
} from '#contract/people/passkey-forms.ts';

/** What an authenticator or the page around it does otherwise than it should. */
export interface Misdeed {
  /** The page is another one. */
  origin?: string;
  host?: string;
  /** Of another sign-in. */
  challenge?: string;
  /** It did not make sure who used it. */
  isUnverified?: boolean;
  /** It says that it was used so often. */
  counter?: number;
  userHandle?: string;
  type?: string;
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();

/** A security key in software, with one passkey: it does what a browser and a key do together. */
export class Authenticator {
  readonly id = randomBytes(32).toString('base64url');
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #origin: string;
  /** How often it was used; it never counts where this is undefined. */
  counter: number | undefined;
  #handle = '';

  constructor(origin: string, counter: number | undefined = 0) {
    this.#origin = origin;
    this.counter = counter;
  }

  /** As `navigator.credentials.create` does. */
  make(wanted: PasskeyCreation, misdeed: Misdeed = {}): NewPasskeyAnswer {
    this.#handle ||= wanted.user.id;
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.from([id.length >> 8, id.length & 255]);
    const credential = Buffer.concat([Buffer.alloc(16), length, id, this.#publicKey()]);
    const data = this.#data(wanted.rp.id, 0x40, misdeed);
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', new Uint8Array(Buffer.concat([data, credential]))],
    ]);
    return {
      id: this.id,
      clientDataJSON: this.#client('webauthn.create', wanted.challenge, misdeed).toString(
        'base64url',
      ),
      attestationObject: Buffer.from(isoCBOR.encode(attestation as never)).toString('base64url'),
      transports: ['usb'],
    };
  }

  /** As `navigator.credentials.get` does. */
  answer(request: PasskeyRequest, misdeed: Misdeed = {}): PasskeyAnswer {
    const userHandle = misdeed.userHandle ?? this.#handle;
    if (this.counter !== undefined) this.counter += 1;
    const data = this.#data(request.rpId, 0, misdeed);
    const client = this.#client('webauthn.get', request.challenge, misdeed);
    const signed = createSign('sha256').update(Buffer.concat([data, sha256(client)]));
    return {
      id: this.id,
      clientDataJSON: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: signed.sign(this.#keys.privateKey).toString('base64url'),
      ...(userHandle !== '' && { userHandle }),
    };
  }

  /** Who is there and verified, and how often the key was used. */
  #data(host: string, more: number, misdeed: Misdeed): Buffer {
    const flags = 0x01 | (misdeed.isUnverified === true ? 0 : 0x04) | more;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(misdeed.counter ?? this.counter ?? 0);
    return Buffer.concat([sha256(misdeed.host ?? host), Buffer.from([flags]), counter]);
  }

  #client(type: string, challenge: string, misdeed: Misdeed): Buffer {
    const client = {
      type: misdeed.type ?? type,
      challenge: misdeed.challenge ?? challenge,
      origin: misdeed.origin ?? this.#origin,
      crossOrigin: false,
    };
    return Buffer.from(JSON.stringify(client));
  }

  /** In the form of COSE: a point on P-256, for ES256. */
  #publicKey(): Buffer {
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
    const key = new Map<number, unknown>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ]);
    return Buffer.from(isoCBOR.encode(key as never));
  }
}
