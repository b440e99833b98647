import { describe, expect, test } from 'vitest';
import { findAnomalies, type LoggedRow, type Observation } from './history.ts';
import { Registers, type State, stateOf } from './registers.ts';

// What the check of a history must notice, one by one.

const at = { scope: 'account', accountId: 1 } as const;
const place = { scope: 'account', accountId: 1, envId: null };
const image = (id: string, version: number): State =>
  stateOf('image', { id, version, ...place, name: id, description: '', deprecated: false });
const role = (images: string[]): State =>
  stateOf('role', { id: 7, ...place, name: 'web', description: '', deprecated: false }, images);
const link = (id: string) => ({ role: { id: 7 }, image: { id } });

const initial = new Map([
  ['image:a', image('a', 1)],
  ['role:7', role(['a'])],
]);
const rows: LoggedRow[] = [
  {
    chain: 'account:1',
    revision: 1,
    requestId: 'renamed',
    changes: [{ object: 'image:a', before: image('a', 1), after: image('a', 2) }],
  },
  { chain: 'corporate', revision: 1, requestId: 'above', changes: [{ object: 'user:1' }] },
  {
    chain: 'account:1',
    revision: 2,
    requestId: 'swapped',
    changes: [{ object: 'roleImage:7/a', before: link('a'), after: link('b') }],
  },
];

const see = (more: Partial<Observation>): Observation => ({
  operation: 'imageGet',
  at,
  revision: '0.1',
  begun: 0,
  ended: 1,
  ...more,
});
const reading = (revision: string, version: number) =>
  see({ revision, read: { object: 'image:a', state: image('a', version) } });
const anomalies = (...seen: Observation[]) => findAnomalies(initial, rows, seen);

describe('a history', () => {
  test('is sound when everything was as its revision says', () => {
    const swapped = see({ revision: '1.2', read: { object: 'role:7', state: role(['b']) } });
    expect(anomalies(reading('0.0', 1), reading('0.1', 2), reading('1.1', 2), swapped)).toEqual([]);
  });

  test.each([
    ['older', '0.1', 1],
    ['newer', '0.0', 2],
  ])('is not when something %s was read', (_, revision, version) => {
    expect(anomalies(reading(revision, version))).toHaveLength(1);
  });

  test('is not when a role was read with an image that it had no longer', () => {
    const stale = see({ revision: '1.2', read: { object: 'role:7', state: role(['a']) } });
    expect(anomalies(stale)).toHaveLength(1);
  });

  test('is not when a revision mixes two moments', () => {
    expect(anomalies(see({ revision: '0.2' }))).toEqual(['imageGet: there was no moment 0.2']);
  });

  test('is not when a later answer is of an earlier moment, also to somebody else', () => {
    const first = see({ revision: '1.2', begun: 0, ended: 1 });
    expect(anomalies(first, see({ revision: '1.1', begun: 2, ended: 3 }))).toHaveLength(1);
    expect(anomalies(first, see({ revision: '1.1', begun: 1, ended: 3 }))).toEqual([]);
  });

  test('is not when a change is answered with the revision of another', () => {
    expect(anomalies(see({ revision: '0.1', requestId: 'renamed' }))).toEqual([]);
    expect(anomalies(see({ revision: '1.2', requestId: 'renamed' }))).toHaveLength(1);
  });
});

test('roles hold what an image was merged into, and what is gone is not there', () => {
  const registers = new Registers(initial);
  registers.write([{ object: 'image:a', before: image('a', 1), after: image('c', 4) }]);
  registers.write([{ object: 'role:7', before: role([]) }]);
  expect(registers.read('role:7', 1)).toEqual(role(['c']));
  expect(registers.read('image:a', 1)).toBeUndefined();
  expect(registers.read('image:c', 1)).toEqual(image('c', 4));
  expect(registers.read('role:7', 2)).toBeUndefined();
});
