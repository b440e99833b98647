import { describe, expect, it } from 'vitest';
import { noticeLines, noticePath, noticeTitle } from './notices.ts';

const corporate = { scope: 'scalr', account_id: null, environment_id: null } as const;
const account = { scope: 'account', account_id: 2, environment_id: null } as const;
const names = { account_name: null, environment_name: null };
const farmAt = { scope: 'environment', account_id: 2, environment_id: 7 } as const;

// docs/domain.md, "Being told".
describe('what is told', () => {
  it('of an image says where it was deprecated, by whom and why', () => {
    const told = {
      event: 'imageDeprecated',
      facts: { name: 'web-1.2', imageSet: 9, images: 12, by: 'ann@example.com', reason: 'A hole.' },
      place: { ...corporate, ...names },
      about: account,
    } as const;
    expect(noticeTitle(told)).toBe('web-1.2 was deprecated at Corporate');
    expect(noticeLines(told)).toEqual([
      'web-1.2 was deprecated at Corporate.',
      'It concerns 12 images.',
      'By ann@example.com.',
      'Reason: A hole.',
    ]);
    expect(noticePath(told)).toBe('/accounts/2/image-sets/9');
  });

  it('of a rollout says how often it failed, and what the cloud said', () => {
    const told = {
      event: 'rolloutStopped',
      facts: { name: 'shop', rollout: 'r-1', failures: 1, cloudWords: 'No room.' },
      place: { ...account, ...names, account_name: 'Storefront' },
      about: corporate,
    } as const;
    expect(noticeLines(told)).toEqual([
      'The rollout of shop stopped after 1 failure.',
      'The cloud said: No room.',
    ]);
    expect(noticePath(told)).toBe('/corporate/rollouts/r-1');
  });

  it('of a farm leads to the farm, where it is', () => {
    const told = {
      event: 'farmOnOldImage',
      facts: { name: 'shop', farm: 3, servers: 2 },
      place: { ...farmAt, account_name: 'Storefront', environment_name: 'production' },
      about: account,
    } as const;
    expect(noticeTitle(told)).toBe('shop runs 2 servers on an old image');
    expect(noticePath(told)).toBe('/environments/7/farms/3');
  });
});
