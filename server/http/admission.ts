import type { ServerResponse } from 'node:http';
import { ApiError } from '#contract/errors.ts';
import { findAccountOf } from '../auth/grants.ts';
import type { ScopeAddress } from '../auth/authorise.ts';
import type { Caller, Db } from '../perform.ts';
import { FairTurns, type Turn } from './fair-turns.ts';

const longestWaitMs = 5_000;
const retryAfterSeconds = 1;
/** Connections that requests leave to finding out who asks. */
const reserved = 5;
const mostKnown = 10_000;

interface Request {
  caller: Caller;
  address: ScopeAddress;
  writes: boolean;
  /** Whoever is gone waits no longer. */
  answer: ServerResponse;
}

interface Waiting extends Turn {
  start(): void;
}

/**
 * Lets requests to the database one by one, so that no account and no user takes it from the others:
 * docs/operations.md, "Fairness".
 */
export class Admission {
  readonly #db: Db;
  readonly #turns: FairTurns<Waiting>;
  readonly #accounts = new Map<number, number>();

  /** @param connections of the pool of `db` */
  constructor(db: Db, connections: number) {
    this.#db = db;
    const running = Math.max(3, connections - reserved);
    const perAccount = Math.max(2, Math.ceil(running / 2));
    this.#turns = new FairTurns({
      running,
      perAccount,
      // Where one runs, the next is already at the lock; and there is room for who reads.
      writersPerAccount: Math.min(2, perAccount - 1),
      waitingPerUser: 64,
      waitingPerAccount: 256,
      waiting: 1_024,
    });
  }

  /** @throws ApiError LimitExceeded when too many wait already, ServiceUnavailable after 5 s */
  async run<T>(request: Request, work: () => Promise<T>): Promise<T> {
    const { promise: started, resolve, reject } = Promise.withResolvers<void>();
    const turn: Waiting = {
      account: await this.#accountOf(request),
      user: userOf(request.caller),
      writes: request.writes,
      start: resolve,
    };
    const refusal = this.#turns.add(turn);
    if (refusal) throw tooMany(refusal);
    const leave = () => {
      if (this.#turns.withdraw(turn)) reject(tooSlow());
    };
    const timer = setTimeout(leave, longestWaitMs);
    request.answer.once('close', leave);
    try {
      this.#admit();
      await started;
    } finally {
      clearTimeout(timer);
      request.answer.off('close', leave);
    }
    try {
      return await work();
    } finally {
      this.#turns.end(turn);
      this.#admit();
    }
  }

  #admit(): void {
    for (let turn = this.#turns.next(); turn; turn = this.#turns.next()) turn.start();
  }

  /** An account with its environments is one; so is Corporate, and each user with what is theirs alone. */
  async #accountOf({ address, caller }: Request): Promise<string> {
    if (address.level === 'global') return 'corporate';
    if (address.level === 'self') return userOf(caller);
    if (address.level === 'account') return `account ${address.accountId}`;
    const known = this.#accounts.get(address.envId);
    const accountId = known ?? (await findAccountOf(this.#db, address.envId));
    // Nobody's: whoever asks learns that there is no such environment.
    if (accountId === undefined) return userOf(caller);
    // An environment stays in its account for ever.
    if (this.#accounts.size >= mostKnown) this.#accounts.clear();
    this.#accounts.set(address.envId, accountId);
    return `account ${accountId}`;
  }
}

function userOf(caller: Caller): string {
  return caller.kind === 'user' ? `user ${caller.userId}` : caller.kind;
}

function tooMany(whose: 'user' | 'account' | 'all'): ApiError {
  const sentence = {
    user: 'Too many of your requests wait already. Send fewer at once.',
    account: 'Too many requests to this account wait already. Try again in a moment.',
    all: 'Too many requests wait already. Try again in a moment.',
  }[whose];
  const code = whose === 'all' ? 'ServiceUnavailable' : 'LimitExceeded';
  return new ApiError(code, sentence, { retryAfterSeconds });
}

function tooSlow(): ApiError {
  return new ApiError(
    'ServiceUnavailable',
    'Slipway is busy: it was not the turn of this request within 5 s. Try again in a moment.',
    { retryAfterSeconds },
  );
}
