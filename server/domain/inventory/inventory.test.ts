import { describe, expect, test } from 'vitest';
import { architectureOf, proposeName } from './found-images.ts';
import { findReferences, type ReferringFact } from './inventory.ts';

const template = (version: string, of: object): ReferringFact => ({
  kind: 'template',
  templateId: 'lt-1',
  name: 'web',
  version,
  isLatest: version === '3',
  isDefault: version === '2',
  cloudImageId: undefined,
  pointerName: undefined,
  ...of,
});
const group = (version: string, templateId = 'lt-1'): ReferringFact => ({
  kind: 'group',
  groupId: 'shop',
  name: 'shop',
  boots: [{ kind: 'template', templateId, version }],
});
const server = (cloudImageId: string | undefined, tags = {}): ReferringFact => ({
  kind: 'server',
  cloudServerId: 'i-1',
  cloudImageId,
  state: 'running',
  tags,
});
const versions = [
  template('1', { cloudImageId: 'ami-1' }),
  template('2', { cloudImageId: 'ami-2' }),
  template('3', { pointerName: '/web' }),
];
const pointer: ReferringFact = { kind: 'pointer', name: '/web', cloudImageId: 'ami-3' };

describe('what a group would start a server from now', () => {
  test.each([
    ['a number', '1', 'ami-1', 'starts servers from it: template web, version 1'],
    [
      '$Default',
      '$Default',
      'ami-2',
      'starts servers from it: template web, version 2, which is $Default now',
    ],
    [
      '$Latest, through a pointer',
      '$Latest',
      'ami-3',
      'starts servers from it: template web, version 3, which is $Latest now, through pointer /web',
    ],
  ])('is found by %s', (_, version, cloudImageId, how) => {
    const found = findReferences([group(version), ...versions, pointer]);
    const id = 'shop';
    expect(found).toContainEqual({ kind: 'group', id, name: 'shop', cloudImageId, how });
  });

  test('is found by a launch configuration', () => {
    const configuration = template('', { cloudImageId: 'ami-4', isLatest: false });
    expect(findReferences([group(''), configuration])[0]).toMatchObject({
      cloudImageId: 'ami-4',
      how: 'starts servers from it: launch configuration web',
    });
  });

  test.each([
    ['a version that is not there', group('9'), 'template lt-1, version 9, which was not found'],
    ['a template that is not there', group('1', 'lt-9'), 'template lt-9, version 1, which was not'],
    ['a pointer that is not there', group('$Latest'), 'the image of pointer /web, which was not'],
  ])('cannot be told with %s, and is nothing', (_, fact, words) => {
    const found = findReferences([fact, ...versions]);
    expect(found.find(({ kind }) => kind === 'group')).toMatchObject({
      cloudImageId: '',
      how: expect.stringContaining(words) as string,
    });
  });

  test('is each of several images, each once', () => {
    const boots = ['ami-1', 'ami-2', 'ami-1'].map((cloudImageId) => ({
      kind: 'image' as const,
      cloudImageId,
    }));
    const found = findReferences([{ kind: 'group', groupId: 'mixed', name: 'mixed', boots }]);
    expect(found.map(({ cloudImageId }) => cloudImageId)).toEqual(['ami-1', 'ami-2']);
  });
});

test('every version of a template refers to its image, whether or not a group uses it', () => {
  expect(findReferences([...versions, pointer])).toMatchObject([
    { kind: 'template', id: 'lt-1 1', name: 'web, version 1', cloudImageId: 'ami-1' },
    { kind: 'template', id: 'lt-1 2', name: 'web, version 2 ($Default)', cloudImageId: 'ami-2' },
    { kind: 'template', id: 'lt-1 3', name: 'web, version 3 ($Latest)', cloudImageId: 'ami-3' },
    { kind: 'pointer', id: '/web', cloudImageId: 'ami-3', how: 'means it now' },
  ]);
});

test('a pointer that means nothing, a template without an image and a server without one refer to none', () => {
  const nothing: ReferringFact = { kind: 'pointer', name: '/web', cloudImageId: undefined };
  expect(findReferences([template('3', { pointerName: '/web' }), nothing])).toEqual([]);
  expect(findReferences([template('3', {}), group('3'), server(undefined)])).toEqual([]);
});

test('a server refers to what it runs, whatever its group would start, and has the name of its tag', () => {
  expect(findReferences([server('ami-7', { Name: 'web-1' })])).toEqual([
    { kind: 'server', id: 'i-1', name: 'web-1', cloudImageId: 'ami-7', how: 'is running on it' },
  ]);
  expect(findReferences([server('ami-7')])[0]?.name).toBe('i-1');
});

test.each([
  ['web 2026.10 (final)', 'web-2026-10-final'],
  ['amzn2/ami_kernel', 'amzn2-ami-kernel'],
  ['naïve', 'nai-ve'],
  ['--', 'ami-1'],
  ['', 'ami-1'],
])('the image "%s" of a cloud is proposed to be called %s', (name, proposed) => {
  expect(proposeName({ name, cloudImageId: 'ami-1' })).toBe(proposed);
});

test.each([
  ['arm64', 'aarch64'],
  ['x86_64', 'x86_64'],
  ['riscv64', null],
  [null, null],
])('the architecture %s of a cloud is %s', (word, architecture) => {
  expect(architectureOf(word)).toBe(architecture);
});
