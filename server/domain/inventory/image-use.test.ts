import { describe, expect, test } from 'vitest';
import { joinCoverage, judgeUse, type PlaceCoverage } from './image-use.ts';

const now = new Date('2026-11-01T12:00:00Z');
const hoursAgo = (hours: number) => new Date(Number(now) - hours * 3_600_000);
const none = { server: 0, group: 0, template: 0, pointer: 0, role: 0, farm: 0 };

const place = (of: Partial<PlaceCoverage> = {}): PlaceCoverage => ({
  credentials: 'prod',
  account: '1',
  location: 'us-east-1',
  readAt: hoursAgo(1),
  error: null,
  unread: [],
  unresolved: [],
  ...of,
});
const judge = (places: PlaceCoverage[], counts = none) =>
  judgeUse(counts, joinCoverage(places, now));

test('an image to which nothing refers is unused, where everything within reach was read', () => {
  const places = [
    place(),
    place({ location: 'eu-west-1', readAt: hoursAgo(2) }),
    place({ credentials: 'test', account: '2' }),
  ];
  expect(judge(places)).toEqual({
    verdict: 'unused',
    words: 'Unused: read 2 accounts in 2 regions, last at 2026-11-01 10:00 UTC.',
  });
});

describe('it is unknown, and never unused, where', () => {
  test.each([
    ['nothing was read', [], 'Nothing was read yet.'],
    [
      'the cloud refused one place',
      [place({ location: 'eu-west-1', error: 'AuthFailure' })],
      'eu-west-1 with credentials "prod": AuthFailure',
    ],
    [
      'the places are not known',
      [place({ location: null, readAt: null })],
      'credentials "prod": not read yet.',
    ],
    [
      'a place was never read',
      [place({ readAt: null })],
      'us-east-1 with credentials "prod": not read',
    ],
    [
      'a place was read long ago',
      [place({ readAt: hoursAgo(25) })],
      'not read since 2026-10-31 11:00 UTC.',
    ],
    [
      'a part was not read',
      [place({ unread: [{ part: 'pointers', words: 'AccessDenied' }] })],
      'pointers of us-east-1 with credentials "prod": AccessDenied',
    ],
    [
      'something does not say what it refers to',
      [place({ unresolved: [{ name: 'shop', words: 'starts servers from template lt-9' }] })],
      'shop starts servers from template lt-9.',
    ],
  ])('%s', (_, places, words) => {
    const all = places.length > 0 ? [place({ location: 'us-west-2' }), ...places] : [];
    expect(judge(all)).toEqual({
      verdict: 'unknown',
      words: expect.stringContaining(words) as string,
    });
  });
});

test.each(Object.keys(none))('one %s is enough to use it, whatever was not read', (kind) => {
  expect(judge([place({ error: 'AuthFailure' })], { ...none, [kind]: 1 })).toEqual({
    verdict: 'inUse',
    words: `In use by 1 ${kind}.`,
  });
});

test('what uses it is counted by kind', () => {
  expect(judge([], { ...none, server: 3, group: 1, role: 2 }).words).toBe(
    'In use by 3 servers, 1 group and 2 roles.',
  );
});
