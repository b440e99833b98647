import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { makeSeal, type Seal } from '../database/connection/seal.ts';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts what must be read again, such as the secret of an API key, so that a copy of the database opens nothing. */
export interface SecretBox {
  /** @param label what the secret belongs to: under another label it cannot be opened */
  seal(secret: string, label: string): Buffer;
  /** @throws Error when it was sealed with another key or label, or was changed */
  open(sealed: Buffer, label: string): string;
  /** What makes seals of records with a key of their own. */
  sealRecord: Seal;
}

/** @param key 32 bytes, from outside the database */
export function makeSecretBox(key: Buffer): SecretBox {
  return {
    sealRecord: makeSeal(key),
    seal: (secret, label) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(label));
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open: (sealed, label) => {
      const nonce = sealed.subarray(0, nonceBytes);
      const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
      const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes })
        .setAAD(Buffer.from(label))
        .setAuthTag(tag);
      const opened = [decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()];
      return Buffer.concat(opened).toString('utf8');
    },
  };
}
