import { beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '#contract/actions.ts';

import { actionItems } from './object-actions.tsx';
import type { ObjectAction, ObjectActions, ObjectKind } from './object-actions.tsx';

interface Thing {
  isOld: boolean;
  verdict: Verdict;
}

const fetched: string[] = [];
const dialog = Object.assign(() => null, { fetchAhead: () => void fetched.push('code') });
const base = { icon: () => null, dialog, verdict: ({ verdict }: Thing) => verdict };
const actions: ObjectActions<Thing> = {
  age: {
    ...base,
    label: 'Age',
    pointless: ({ isOld }) => (isOld ? 'It is old.' : undefined),
    askAhead: () => void fetched.push('what it shows'),
  },
  renew: { ...base, label: 'Renew', pointless: ({ isOld }) => (isOld ? undefined : 'It is new.') },
  delete: { ...base, label: 'Delete', explainsUse: true },
} satisfies Record<string, ObjectAction<Thing>>;

const used: Verdict = { allowed: false, code: 'ObjectInUse', reason: 'It is used.' };
const forbidden: Verdict = { allowed: false, code: 'PermissionViolation', reason: 'Not by you.' };
const kind: ObjectKind<Thing> = {
  noun: 'thing',
  useRead: () => ({ data: undefined, error: null }),
  askAhead: () => void fetched.push('thing'),
  actions,
};
const itemsOf = (thing: Thing, open = (_dialog: string) => {}) =>
  actionItems(kind, { scope: 'scalr' }, thing, open);

beforeEach(() => {
  fetched.length = 0;
});

describe('the menu of an object', () => {
  it('leaves out what has nothing to do, in the order of the table', () => {
    const labels = (isOld: boolean) =>
      itemsOf({ isOld, verdict: { allowed: true } }).map(({ label }) => label);
    expect(labels(false)).toEqual(['Age', 'Delete']);
    expect(labels(true)).toEqual(['Renew', 'Delete']);
  });

  it('says why something is impossible', () => {
    const reasons = itemsOf({ isOld: true, verdict: forbidden }).map((item) => item.disabledReason);
    expect(reasons).toEqual(['Not by you.', 'Not by you.']);
  });

  it('offers to delete what is used all the same, since the dialog lists what is in the way', () => {
    const items = itemsOf({ isOld: true, verdict: used });
    expect(items.map(({ id, disabledReason }) => [id, disabledReason])).toEqual([
      ['renew', 'It is used.'],
      ['delete', undefined],
    ]);
  });

  it('fetches all that a dialog needs at once, when somebody is about to open it', () => {
    const [age] = itemsOf({ isOld: false, verdict: used });
    expect(fetched).toEqual([]);
    age?.onIntent?.();
    expect(fetched).toEqual(['code', 'thing', 'what it shows']);
  });

  it('opens the dialog that the address has under the name of the action', () => {
    const opened: string[] = [];
    for (const { onSelect } of itemsOf({ isOld: false, verdict: used }, (name) => {
      opened.push(name);
    })) {
      onSelect?.();
    }
    expect(opened).toEqual(['age', 'delete']);
  });
});
