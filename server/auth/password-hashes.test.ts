import { describe, expect, it } from 'vitest';
import { hashPassword, isPassword } from './password-hashes.ts';

/** Of what was asked for at once, what came of each. */
async function outcomesOf(work: () => Promise<boolean>, times: number) {
  const all = await Promise.allSettled(Array.from({ length: times }, work));
  const refused = all
    .filter((one) => one.status === 'rejected')
    .map(({ reason }) => reason as unknown);
  return { done: times - refused.length, refused };
}

describe('passwords that are hashed', () => {
  it('are told apart, and salted', async () => {
    const [one, other] = [await hashPassword('the same'), await hashPassword('the same')];
    expect(one).not.toBe(other);
    expect(await isPassword('the same', one)).toBe(true);
    expect(await isPassword('the  same', one)).toBe(false);
  });

  it('are compared with the cost that they were made with', async () => {
    const kept = await hashPassword('x');
    const cheaper = kept.replace('m=19456,t=2', 'm=64,t=1');
    expect(await isPassword('x', cheaper)).toBe(false);
  });

  it.each([undefined, '', 'x', '$argon2id$v=19$m=8,t=1,p=1$short$short'])(
    'are never what %j was kept of',
    async (kept) => {
      for (const password of ['', 'x']) expect(await isPassword(password, kept)).toBe(false);
    },
  );

  it.each([
    ['somebody', true],
    ['nobody', false],
  ])('take turns: two at once, twenty wait, the rest comes back later (%s)', async (_, isKnown) => {
    const kept = isKnown ? await hashPassword('x') : undefined;
    const { done, refused } = await outcomesOf(() => isPassword('x', kept), 30);
    expect(done).toBe(22);
    expect(refused).toHaveLength(8);
    for (const refusal of refused)
      expect(refusal).toMatchObject({ code: 'LimitExceeded', details: { retryAfterSeconds: 2 } });
    expect((await outcomesOf(() => isPassword('x', kept), 22)).done).toBe(22);
  });
});
