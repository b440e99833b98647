import { describe, expect, it } from 'vitest';
import { reads } from '#contract/effects.ts';
import { Ledger } from './ledger.ts';

const none = new Map<number | null, string[]>();
const corporate = { accountId: null, revision: 5, fleet: 0, followed: 0 };
const account = { accountId: 3, revision: 7, fleet: 0, followed: 0 };

/** A ledger that has looked once, while no transaction was under way, before transaction 100. */
function begun(): Ledger {
  const ledger = new Ledger();
  ledger.note({ after: 100, before: 100, heads: [corporate, account] }, none);
  return ledger;
}

describe('the ledger', () => {
  it('tells what the operations of each scope touched', () => {
    const ledger = begun();
    const sight = { after: 102, before: 102, heads: [corporate, { ...account, revision: 8 }] };
    expect(ledger.stepsTo(sight)).toEqual([{ accountId: 3, from: 7, to: 8 }]);
    const moved = ledger.note(sight, new Map([[3, ['projectCreate']]]));
    const nouns = ['projects', 'operations'];
    expect(moved.scopes).toEqual([{ accountId: 3, revision: 8, fleet: 0, nouns }]);
    expect(ledger.note({ ...sight, after: 103, before: 103 }, none).scopes).toEqual([]);
  });

  it('takes what it cannot tell for everything there is: too much at once, or a step of a loop', () => {
    for (const operations of [undefined, ['imageCopyInCloud']]) {
      const sight = { after: 102, before: 102, heads: [{ ...corporate, revision: 6 }, account] };
      const { scopes } = begun().note(sight, new Map([[null, operations]]));
      expect(scopes[0]?.nouns).toEqual(Object.keys(reads));
    }
  });

  it('tells that a change of very many objects is listed, a moment after it told the change', () => {
    const sight = { after: 102, before: 102, heads: [{ ...corporate, followed: 1 }, account] };
    const { scopes } = begun().note(sight, none);
    expect(scopes).toEqual([{ accountId: null, revision: 5, fleet: 0, nouns: ['operations'] }]);
  });

  it('counts a new account from nothing', () => {
    const sight = {
      after: 9,
      before: 200,
      heads: [corporate, account, { ...account, accountId: 4 }],
    };
    expect(begun().stepsTo(sight)).toEqual([{ accountId: 4, from: 0, to: 7 }]);
  });

  it('leaves out what a page has seen, and tells again what was under way when it looked', () => {
    const ledger = begun();
    const heads = [corporate, { ...account, fleet: 1 }];
    // Transactions 105 to 109 were under way, of which the look may have seen some.
    ledger.note({ after: 105, before: 110, heads }, none);
    expect(ledger.missedSince(110, 'all').scopes).toEqual([]);
    expect(ledger.missedSince(109, 'all').scopes).toMatchObject([{ accountId: 3, fleet: 1 }]);
    expect(ledger.missedSince(100, 'all')).toMatchObject({ position: 105, through: 110 });
    expect(ledger.missedSince(undefined, 'all').scopes).toEqual([]);
  });

  it('says everything from before it looked first, from after the database, and once that was restored', () => {
    const ledger = begun();
    expect(ledger.missedSince(99, 'all').everything).toBe(true);
    expect(ledger.missedSince(100, 'all').everything).toBe(false);
    expect(ledger.missedSince(101, 'all').everything).toBe(true);
    const restored = { after: 150, before: 150, heads: [corporate, { ...account, revision: 6 }] };
    expect(ledger.note(restored, none)).toMatchObject({ everything: true, scopes: [] });
    expect(ledger.missedSince(120, 'all').everything).toBe(true);
  });

  it('tells each only what they may see', () => {
    const ledger = begun();
    const heads = [
      { ...corporate, revision: 6 },
      { ...account, revision: 8 },
    ];
    ledger.note({ after: 102, before: 102, heads }, none);
    const told = (accounts: number[]) =>
      ledger.missedSince(100, new Set(accounts)).scopes.map(({ accountId }) => accountId);
    expect(told([3])).toEqual([null, 3]);
    expect(told([4])).toEqual([null]);
    expect(told([])).toEqual([]);
  });
});
