/** Something that waits for its turn. */
export interface Turn {
  /** Whose data it is about: an account, or what stands for one. */
  account: string;
  /** Who asked. */
  user: string;
  /** Changes to one account run one after another anyway: all but the next would only hold connections. */
  writes: boolean;
}

export interface TurnLimits {
  /** How many run at once. */
  running: number;
  /** How many of them are one account's, so that there is room whenever somebody else comes. */
  perAccount: number;
  /** How many of these are changes. */
  writersPerAccount: number;
  /** How many wait, of one user, of one account, and in all. */
  waitingPerUser: number;
  waitingPerAccount: number;
  waiting: number;
}

interface Account<T> {
  /** By user, in the order of their turns. Nobody without a request is in it. */
  users: Map<string, T[]>;
  waiting: number;
  running: number;
  writing: number;
}

/**
 * Whose turn it is: accounts take turns, in each account its users, and of each user what came first. It
 * knows neither the time nor what is done: docs/operations.md, "Fairness".
 */
export class FairTurns<T extends Turn> {
  readonly #limits: TurnLimits;
  /** In the order of their turns. */
  readonly #accounts = new Map<string, Account<T>>();
  #waiting = 0;
  #running = 0;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** Lines up. @returns whose requests are too many, if they are: then nothing has changed */
  add(turn: T): 'user' | 'account' | 'all' | undefined {
    const account = this.#accounts.get(turn.account);
    const mine = account?.users.get(turn.user);
    if ((mine?.length ?? 0) >= this.#limits.waitingPerUser) return 'user';
    if ((account?.waiting ?? 0) >= this.#limits.waitingPerAccount) return 'account';
    if (this.#waiting >= this.#limits.waiting) return 'all';
    const of = account ?? { users: new Map<string, T[]>(), waiting: 0, running: 0, writing: 0 };
    if (mine) mine.push(turn);
    else of.users.set(turn.user, [turn]);
    this.#accounts.set(turn.account, of);
    of.waiting += 1;
    this.#waiting += 1;
    return undefined;
  }

  /** Takes whose turn it is, which runs from then on; undefined when nobody may. */
  next(): T | undefined {
    if (this.#running >= this.#limits.running) return undefined;
    for (const [name, account] of this.#accounts) {
      const turn = this.#nextOf(account);
      if (!turn) continue;
      this.#remove(turn, account);
      account.running += 1;
      account.writing += Number(turn.writes);
      this.#running += 1;
      toEnd(this.#accounts, name, account);
      return turn;
    }
    return undefined;
  }

  /** What ran is done. */
  end(turn: T): void {
    const account = this.#accounts.get(turn.account);
    if (!account) throw new Error('What did not run cannot end.');
    account.running -= 1;
    account.writing -= Number(turn.writes);
    this.#running -= 1;
    this.#forget(turn.account, account);
  }

  /** Gives up a turn. @returns false when it is not waiting any more */
  withdraw(turn: T): boolean {
    const account = this.#accounts.get(turn.account);
    if (!account?.users.get(turn.user)?.includes(turn)) return false;
    this.#remove(turn, account);
    this.#forget(turn.account, account);
    return true;
  }

  #nextOf({ users, running, writing }: Account<T>): T | undefined {
    const { perAccount, writersPerAccount } = this.#limits;
    if (running >= perAccount) return undefined;
    const mayWrite = writing < writersPerAccount;
    for (const waiting of users.values()) {
      const turn = waiting.find(({ writes }) => mayWrite || !writes);
      if (turn) return turn;
    }
    return undefined;
  }

  #remove(turn: T, account: Account<T>): void {
    const left = account.users.get(turn.user)?.filter((one) => one !== turn) ?? [];
    account.users.delete(turn.user);
    if (left.length > 0) account.users.set(turn.user, left);
    account.waiting -= 1;
    this.#waiting -= 1;
  }

  #forget(name: string, { waiting, running }: Account<T>): void {
    if (waiting === 0 && running === 0) this.#accounts.delete(name);
  }
}

function toEnd<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
}
