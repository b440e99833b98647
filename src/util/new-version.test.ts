import { describe, expect, test } from 'vitest';
import type { Role } from '#contract/roles/roles.ts';

import { nextName, planNewVersion } from './new-version.ts';

const oldImage = { id: 'old', name: 'nginx-1-27', architecture: 'x86_64' as const };
const newImage = { id: 'new', name: 'nginx-1-28', architecture: 'x86_64' as const };

function role(id: number, cells: { id: string; deprecated?: boolean }[], deprecable = true): Role {
  const verdict = { allowed: deprecable };
  return {
    id,
    name: `web-${id}`,
    images: cells.map((cell) => ({
      cloudPlatform: 'ec2',
      cloudLocation: cell.id,
      image: { deprecated: false, cloudImageId: '', scope: 'account', name: cell.id, ...cell },
    })),
    actions: { deprecate: verdict },
  } as unknown as Role;
}

function kinds(parts: Partial<Parameters<typeof planNewVersion>[0]>): string[] {
  const choice = {
    oldImage,
    newImage,
    successions: [],
    deprecateRoles: true,
    deprecateImage: true,
    ...parts,
  };
  return planNewVersion(choice).map((step) => step.kind);
}

describe('the plan of a new version next to the old', () => {
  test('makes all successors before it deprecates anything', () => {
    const successions = [role(1, [{ id: 'old' }]), role(2, [{ id: 'old' }])].map((each) => ({
      role: each,
      name: `${each.name}-next`,
    }));
    expect(kinds({ successions })).toEqual([
      'clone',
      'swap',
      'clone',
      'swap',
      'deprecate role',
      'deprecate role',
      'deprecate image',
    ]);
  });

  test('makes a role anew where a deprecated image forbids to copy it, and leaves that image out', () => {
    const like = role(1, [
      { id: 'old', deprecated: true },
      { id: 'kept' },
      { id: 'gone', deprecated: true },
    ]);
    const steps = planNewVersion({
      oldImage,
      newImage,
      successions: [{ role: like, name: 'web-2' }],
      deprecateRoles: false,
      deprecateImage: false,
    });
    expect(steps.map((step) => [step.kind, 'imageId' in step && step.imageId])).toEqual([
      ['create', false],
      ['add', 'new'],
      ['add', 'kept'],
    ]);
  });

  test('makes a role anew for an image of another architecture', () => {
    const successions = [{ role: role(1, [{ id: 'old' }, { id: 'kept' }]), name: 'web-2' }];
    const arm = { ...newImage, architecture: 'aarch64' as const };
    const parts = { successions, newImage: arm, deprecateRoles: false, deprecateImage: false };
    expect(kinds(parts)).toEqual(['create', 'add', 'add']);
  });

  test('does not deprecate a role that may not be deprecated here', () => {
    const successions = [{ role: role(1, [{ id: 'old' }], false), name: 'web-2' }];
    expect(kinds({ successions, deprecateImage: false })).toEqual(['clone', 'swap']);
  });
});

test('the first idea for a name counts on', () => {
  expect(nextName('nginx-1-27')).toBe('nginx-1-28');
  expect(nextName('promo-service')).toBe('promo-service-2');
  expect(nextName('base-09')).toBe('base-10');
  expect(nextName('fcos-44-20260707')).toBe('fcos-44-20260707-2');
});
