import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairTurns, type Turn, type TurnLimits } from './fair-turns.ts';

const roomy: TurnLimits = {
  running: 4,
  perAccount: 4,
  writersPerAccount: 4,
  waitingPerUser: 1_000,
  waitingPerAccount: 1_000,
  waiting: 1_000,
};

const turn = (account: string, user = account, writes = false): Turn => ({ account, user, writes });

/** Runs one after the other. @returns whose turns they were */
function order(turns: FairTurns<Turn>): string[] {
  const users: string[] = [];
  for (let next = turns.next(); next; next = turns.next()) {
    users.push(next.user);
    turns.end(next);
  }
  return users;
}

function lineUp(turns: Turn[], limits: Partial<TurnLimits> = {}): FairTurns<Turn> {
  const fair = new FairTurns<Turn>({ ...roomy, ...limits });
  for (const one of turns) expect(fair.add(one)).toBeUndefined();
  return fair;
}

describe('turns', () => {
  it('go round the accounts, however many requests one has before the others come', () => {
    const fair = lineUp([
      ...Array.from({ length: 50 }, () => turn('loud')),
      turn('quiet'),
      turn('late'),
    ]);
    expect(order(fair).slice(0, 4)).toEqual(['loud', 'quiet', 'late', 'loud']);
  });

  it('go round the users of an account in the same way', () => {
    const loud = Array.from({ length: 50 }, () => turn('account', 'loud'));
    const fair = lineUp([...loud, turn('account', 'quiet'), turn('other')]);
    expect(order(fair).slice(0, 5)).toEqual(['loud', 'other', 'quiet', 'loud', 'loud']);
  });

  it('keep the order of what one user asks', () => {
    const first = turn('a', 'u');
    const second = turn('a', 'u');
    const fair = lineUp([first, second]);
    expect([fair.next(), fair.next()]).toEqual([first, second]);
    expect(fair.next()).toBeUndefined();
  });

  it('leave room beside an account that asks for everything', () => {
    const fair = lineUp(
      Array.from({ length: 9 }, () => turn('loud')),
      { perAccount: 2 },
    );
    expect([fair.next(), fair.next()]).not.toContain(undefined);
    expect(fair.next()).toBeUndefined();
    fair.add(turn('quiet'));
    expect(fair.next()?.account).toBe('quiet');
  });

  it('let an account read while its changes wait for each other', () => {
    const fair = lineUp(
      [turn('a', 'u', true), turn('a', 'u', true), turn('a', 'u', false), turn('a', 'v', true)],
      { writersPerAccount: 1 },
    );
    const running = [fair.next(), fair.next()];
    expect(running.map((one) => one?.writes)).toEqual([true, false]);
    expect(fair.next()).toBeUndefined();
  });

  it('end where too many wait, and say of whom', () => {
    const fair = lineUp([turn('a', 'u'), turn('a', 'u'), turn('a', 'v'), turn('b')], {
      waitingPerUser: 2,
      waitingPerAccount: 3,
      waiting: 5,
    });
    expect(fair.add(turn('a', 'u'))).toBe('user');
    expect(fair.add(turn('a', 'w'))).toBe('account');
    expect(fair.add(turn('c'))).toBeUndefined();
    expect(fair.add(turn('d'))).toBe('all');
  });

  it('can be given up until they have come', () => {
    const [one, other] = [turn('a'), turn('a')];
    const fair = lineUp([one, other]);
    expect(fair.withdraw(one)).toBe(true);
    expect(fair.withdraw(one)).toBe(false);
    expect(fair.next()).toBe(other);
    expect(fair.withdraw(other)).toBe(false);
  });
});

it('whoever waits is passed by at most one turn of each other account, and limits hold throughout', () => {
  const accounts = fc.constantFrom('a', 'b', 'c');
  const action = fc.oneof(
    fc.record({ add: accounts, user: fc.constantFrom('u', 'v'), writes: fc.boolean() }),
    fc.constant('end' as const),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
      const limits = { ...roomy, running: 3, perAccount: 2, writersPerAccount: 1 };
      const fair = new FairTurns<Turn>(limits);
      const running: Turn[] = [];
      const passed = new Map<string, string[]>();
      for (const one of actions) {
        if (one === 'end') {
          const done = running.shift();
          if (done) fair.end(done);
        } else fair.add(turn(one.add, one.user, one.writes));
        for (let next = fair.next(); next; next = fair.next()) {
          running.push(next);
          const { account } = next;
          const mine = running.filter((it) => it.account === account);
          expect(running.length).toBeLessThanOrEqual(limits.running);
          expect(mine.length).toBeLessThanOrEqual(limits.perAccount);
          expect(mine.filter(({ writes }) => writes).length).toBeLessThanOrEqual(1);
          passed.set(account, []);
          for (const [waiting, by] of passed) if (waiting !== account) by.push(account);
        }
      }
      for (let next = running.shift(); next; next = running.shift()) {
        fair.end(next);
        for (let more = fair.next(); more; more = fair.next()) running.push(more);
      }
      // Everything that waited has had its turn: one more of each account goes at once.
      for (const account of ['a', 'b', 'c']) {
        fair.add(turn(account));
        expect(fair.next()?.account).toBe(account);
      }
    }),
  );
});
