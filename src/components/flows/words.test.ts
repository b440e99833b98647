import { describe, expect, test } from 'vitest';
import type { Replacement, ReplacementPreview } from '#contract/replacements/replacements.ts';

import { audienceWords, promoteLabel } from './promote-words.ts';
import { offersOf, onOldWords, refusalWords, replaceLabel, stayingWords } from './replace-words.ts';

function preview(parts: Partial<ReplacementPreview> & { change?: number; skip?: number }) {
  const { change = 0, skip = 0, ...rest } = parts;
  return {
    allowed: true,
    oldImage: { name: 'nginx-1-27' },
    newImage: { name: 'nginx-1-28' },
    roles: [],
    counts: { change, skip, farms: 0, servers: 0 },
    ...rest,
  } as unknown as ReplacementPreview;
}

test('servers that stay are counted with their farms, or not mentioned', () => {
  expect(stayingWords(7, 3, 'ami-1')).toBe(
    '7 servers in 3 farms stay on ami-1 until they are relaunched.',
  );
  expect(stayingWords(1, 1, 'ami-1')).toBe(
    '1 server in 1 farm stays on ami-1 until it is relaunched.',
  );
  expect(stayingWords(0, 0, 'ami-1')).toBeUndefined();
});

test.each([
  [0, 0, 0, 'No server of these roles runs the old image.'],
  [7, 7, 3, '7 servers in 3 farms stay on ami-1 until they are relaunched.'],
  [31, 0, 3, '31 servers in 3 farms run ami-1, which their roles have back.'],
  [1, 0, 1, '1 server in 1 farm runs ami-1, which its role has back.'],
  [
    5,
    2,
    2,
    '5 servers in 2 farms run ami-1: 2 stay on it until they are relaunched, and the roles of the others have it back.',
  ],
])('%i servers on the old image, %i of them stale', (servers, stale, farms, words) => {
  const replacement = {
    serversOnOldImage: servers,
    staleServers: stale,
    farmsOnOldImage: farms,
    oldImage: { cloudImageId: 'ami-1' },
  };
  expect(onOldWords(replacement as Replacement)).toBe(words);
});

describe('a replacement that is refused', () => {
  test('offers to leave roles out only where others can change', () => {
    expect(offersOf(preview({ allowed: false, change: 3, skip: 1 })).skip).toBe(true);
    expect(offersOf(preview({ allowed: false, skip: 4 })).skip).toBe(false);
  });

  test('says the one reason that all roles share', () => {
    const roles = [{ reason: 'It is deprecated.' }, { reason: 'It is deprecated.' }];
    const refused = preview({ allowed: false, skip: 2, roles: roles as never, reason: 'Nothing.' });
    expect(refusalWords(refused)).toBe('It is deprecated.');
  });

  test('names a missing right before anything that could be settled', () => {
    const refused = preview({
      allowed: false,
      code: 'PermissionViolation',
      reason: 'Only publishers may.',
      change: 1,
      skip: 1,
    });
    expect(refusalWords(refused)).toBe('Only publishers may.');
  });
});

test('buttons name the effect and the amount', () => {
  expect(replaceLabel(preview({ change: 12 }), false)).toBe('Replace in 12 roles');
  expect(replaceLabel(preview({ change: 0 }), true)).toBe('Deprecate the old image');
  const to = { scope: 'account', accountId: 1, envId: null, accountName: 'Shop', envName: null };
  const audience = { to: to as never, audience: { accounts: 1, environments: 4 } };
  expect(audienceWords(audience)).toBe('4 environments');
  const promotion = { ...audience, allowed: true, images: [], collisions: [] };
  expect(promoteLabel('image', promotion as never, false)).toBe(
    'Promote image and show it to 4 environments',
  );
});
