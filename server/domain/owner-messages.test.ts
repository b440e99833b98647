import { describe, expect, it } from 'vitest';
import type { UsageRow } from '#contract/farms/usage.ts';
import type { KeptFarmRole } from './farms/keeping.ts';

import {
  composeMessage,
  findSendingRefusal,
  findTemplateRefusal,
  returnWords,
  usualTemplate,
} from './owner-messages.ts';

const oldImage = { id: 'a', name: 'base-1', cloudImageId: 'ami-1', deprecated: true };
const newImage = { id: 'b', name: 'base-2', cloudImageId: 'ami-2', deprecated: false };
const row: UsageRow = {
  id: '5:a',
  farm: { id: 7, name: 'shop' },
  owner: { id: 1, name: 'Zoë Peeters', email: 'zoe.peeters@example.com' },
  accountId: 1,
  accountName: 'Storefront',
  observed: false,
  envId: 3,
  envName: 'production',
  farmRole: { id: 5, alias: 'web' },
  role: { id: 20, name: 'web-frontend' },
  cloudPlatform: 'ec2',
  cloudLocation: 'us-east-1',
  image: oldImage,
  roleImage: newImage,
  stale: true,
  servers: { old: 2, live: 9 },
  since: null,
};
const still: UsageRow = {
  ...row,
  id: '6:a',
  farmRole: { id: 6, alias: 'cache' },
  role: { id: 21, name: 'cache' },
  roleImage: oldImage,
  stale: false,
};
const named = [2, 1].map((index) => ({ index, cloudServerId: `i-05${index}a` }));
const kept: KeptFarmRole = {
  farm_status: 'running',
  scaling_enabled: true,
  min_servers: 9,
  max_servers: 20,
  live: 9,
};
const compose = (rows: UsageRow[], template = usualTemplate) =>
  composeMessage(template, {
    rows,
    kept: new Map([[5, kept]]),
    servers: new Map([[row.id, named.toReversed()]]),
    address: 'https://slipway.test',
    sender: 'Priya Raman',
  });

describe('the message to an owner', () => {
  it('names the farm, the role, the servers and both images', () => {
    const { subject, body } = compose([row]);
    expect(subject).toBe('2 servers on old images in farm shop');
    expect(body).toContain('Farm shop (Storefront / production)');
    expect(body).toContain('Role web-frontend (as web), EC2 us-east-1: 2 of 9 servers');
    expect(body).toContain('Old image: base-1 (ami-1, deprecated)');
    expect(body).toContain('New image: base-2 (ami-2)');
    expect(body).toContain('Servers: #1 i-051a, #2 i-052a\n');
    expect(body).toContain('https://slipway.test/environments/3/farms/7?old=true');
    expect(body).toContain('https://slipway.test/environments/3/usage?owner=1');
    expect(body).toContain('Once terminated: all come back by themselves');
    expect(body).toContain('[date]');
  });

  it('says how many servers it does not name', () => {
    const { body } = compose([{ ...row, servers: { old: 5, live: 9 } }]);
    expect(body).toContain('Servers: #1 i-051a, #2 i-052a, and 3 more\n');
  });

  it('fills in what is in braces once, and nothing that a name has in braces', () => {
    const owner = { ...row.owner, name: '{farms}' };
    const template = { subject: '{servers}', body: 'To {owner}, {sender}' };
    expect(compose([{ ...row, owner }], template)).toEqual({
      subject: '2 servers',
      body: 'To {farms}, Priya Raman',
    });
  });

  it('asks to terminate only where a relaunch takes a current image', () => {
    expect(compose([row]).body).toContain('Please terminate the servers listed above one by one');
    expect(compose([row]).body).not.toContain('do not terminate');
    for (const deadEnd of [still, { ...row, roleImage: { ...newImage, deprecated: true } }]) {
      const { body } = compose([deadEnd]);
      expect(body).toContain('Please do not terminate servers before there is a newer image');
      expect(body).toContain(`ask for a new image in ${deadEnd.role.name}`);
      expect(body).toContain('New image: none yet');
      expect(body).not.toContain('listed above one by one');
    }
  });

  it('says both where some roles have a newer image and some have not', () => {
    const { body, subject } = compose([row, { ...still, farm: { id: 8, name: 'another' } }]);
    expect(subject).toBe('4 servers on old images in 2 farms');
    expect(body).toContain('Where a new image is named: please terminate');
    expect(body).toContain('Where none is named yet: please do not terminate');
    expect(body.indexOf('Farm another')).toBeLessThan(body.indexOf('Farm shop'));
  });
});

describe('a template', () => {
  it('with an unknown word in braces is refused, and one without a date is not sent', () => {
    expect(findTemplateRefusal({ subject: 'x', body: '{server}' })?.reason).toContain('{server}');
    expect(findTemplateRefusal(usualTemplate)).toBeUndefined();
    expect(findSendingRefusal(usualTemplate)?.field).toBe('template.body');
    const body = usualTemplate.body.replace('[date]', 'Friday');
    expect(findSendingRefusal({ ...usualTemplate, body })).toBeUndefined();
  });
});

describe('what comes back by itself', () => {
  it.each<[string, Partial<KeptFarmRole>, RegExp]>([
    ['all below the minimum', {}, /^all come back/],
    [
      'part of it above',
      { min_servers: 8 },
      /^1 of 2 comes back by itself, since the minimum is 8/,
    ],
    ['nothing above the minimum', { min_servers: 7 }, /^none comes back .* minimum is 7/],
    ['nothing without scaling', { scaling_enabled: false }, /^none .* scaling is off/],
    ['nothing in a suspended farm', { farm_status: 'suspended' }, /^none .* farm is suspended/],
  ])('is %s', (_name, facts, words) => {
    expect(returnWords(row, { ...kept, ...facts })).toMatch(words);
  });
});
