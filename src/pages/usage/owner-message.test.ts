import { describe, expect, it } from 'vitest';
import type { UsageRow } from '#contract/farms/usage.ts';

import { composeMessage, mailtoUrl } from './owner-message.ts';

const oldImage = { id: 'a', name: 'base-1', cloudImageId: 'ami-1', deprecated: true };
const newImage = { id: 'b', name: 'base-2', cloudImageId: 'ami-2', deprecated: false };
const row: UsageRow = {
  id: '5:a',
  farm: { id: 7, name: 'shop' },
  owner: { id: 1, name: 'Zoë Peeters', email: 'zoe.peeters@example.com' },
  accountId: 1,
  accountName: 'Storefront',
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
const server = (index: number, farmRoleId = 5, imageId = 'a') => ({
  cloudServerId: `i-0${farmRoleId}${index}${imageId}`,
  index,
  farmRole: { id: farmRoleId, alias: 'web' },
  image: { ...oldImage, id: imageId },
});
const compose = (rows: UsageRow[], servers = [server(2), server(1)]) =>
  composeMessage({
    rows,
    servers,
    farmUrl: ({ farm }) => `https://slipway.test/farms/${farm.id}`,
    sender: 'Priya Raman',
  });

describe('the message to an owner', () => {
  it('names the farm, the role, the servers and both images', () => {
    const { to, subject, body } = compose([row]);
    expect(to.email).toBe('zoe.peeters@example.com');
    expect(subject).toBe('2 servers on old images in farm shop');
    expect(body).toContain('Farm shop (Storefront / production)');
    expect(body).toContain('Role web-frontend (as web), EC2 us-east-1: 2 of 9 servers');
    expect(body).toContain('Old image: base-1 (ami-1, deprecated)');
    expect(body).toContain('New image: base-2 (ami-2)');
    expect(body).toContain('Servers: #1 i-051a, #2 i-052a\n');
    expect(body).toContain('https://slipway.test/farms/7');
    expect(body).toContain('[date]');
  });

  it('leaves out servers of other roles and other images', () => {
    const { body } = compose([row], [server(1), server(3, 6), server(4, 5, 'c')]);
    expect(body).toContain('Servers: #1 i-051a, and 1 more\n');
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

  it('survives a mail program: nothing in it ends the address, and lines end with CR LF', () => {
    const url = mailtoUrl({ email: 'a+b@x.test', subject: '50 % & more?', body: 'one\ntwo & ü' });
    expect(url).toBe(
      'mailto:a%2Bb@x.test?subject=50%20%25%20%26%20more%3F&body=one%0D%0Atwo%20%26%20%C3%BC',
    );
    expect(new URL(url).searchParams.get('body')).toBe('one\r\ntwo & ü');
  });
});
