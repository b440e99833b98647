import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto';

/**
 * Makes the seal of some values: HMAC-SHA256, so that nobody without the key for secrets can make one, however much
 * of the database they can write.
 * @param purpose what is sealed: a seal of one thing never fits another
 */
export type Seal = (purpose: string, values: readonly (string | number | null)[]) => Buffer;

/** @param key the key for secrets; seals use one that is derived from it */
export function makeSeal(key: Buffer): Seal {
  // Made once: from bytes, each seal would take six times as long.
  const own = createSecretKey(
    Buffer.from(hkdfSync('sha256', key, '', 'slipway: seals of records', 32)),
  );
  return (purpose, values) =>
    createHmac('sha256', own)
      .update(JSON.stringify([purpose, ...values]))
      .digest();
}

/** Whether two seals are one. */
export function isSameSeal(one: Buffer | null | undefined, other: Buffer): boolean {
  return one?.length === other.length && timingSafeEqual(one, other);
}
