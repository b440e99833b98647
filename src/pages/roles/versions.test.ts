import { expect, test } from 'vitest';

import { fillersOf, versionKey, versionOf } from './versions.ts';

const ids = {
  east: '8c12d2b8-6543-433f-a5bd-cfe4ca2d4579',
  west: '8c12d2b8-6543-433f-a5bd-cfe4ca2d4580',
};

function image(id: string, cloudLocation: string, members = {}) {
  return {
    id,
    name: 'web-2',
    cloudPlatform: 'ec2' as const,
    cloudLocation,
    architecture: 'x86_64' as const,
    status: 'active' as const,
    deprecated: false,
    ...members,
  };
}

const cell = (cloudLocation: string, id: string) => ({
  cloudPlatform: 'ec2',
  cloudLocation,
  image: { id },
});

test('a version in an address names all its images, or one', () => {
  expect(versionOf('12')).toEqual({ setId: '12', images: undefined });
  expect(versionOf(versionKey({ setId: 12, imageId: ids.east }))).toEqual({
    setId: '12',
    images: [ids.east],
  });
  expect(versionOf('ec2:us-east-1')).toBeUndefined();
});

test('a hole is filled from a version that the role has elsewhere, and a place with an image is none', () => {
  const images = [image(ids.east, 'us-east-1'), image(ids.west, 'us-west-1')];
  const fillers = fillersOf([cell('us-east-1', ids.east)], [{ setId: 12, images }]);
  expect([...fillers]).toEqual([
    ['ec2:us-west-1', { setId: 12, imageId: ids.west, name: 'web-2' }],
  ]);
});

test('nothing deprecated, failed or of another architecture fills a hole', () => {
  const images = [
    image(ids.east, 'us-east-1'),
    image(ids.west, 'us-west-1', { deprecated: true }),
    image(ids.west, 'us-west-2', { status: 'failed' }),
    image(ids.west, 'eu-west-1', { architecture: 'arm64' }),
  ];
  expect(fillersOf([cell('us-east-1', ids.east)], [{ setId: 12, images }]).size).toBe(0);
});
