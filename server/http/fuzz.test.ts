import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import { checkInvariants } from '../database/invariants.ts';
import { buildTestApp } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { analyze, digestOf } from '../testing/fuzz/digest.ts';
import { type Estate, newEstate } from '../testing/fuzz/estate.ts';
import { broughtHome } from '../testing/fuzz/homes.ts';
import { findProblem } from '../testing/fuzz/judge-answers.ts';
import { onSample } from '../testing/fuzz/on-sample.ts';
import { type FuzzRequest, fuzzRequests } from '../testing/fuzz/requests.ts';
import { send } from '../testing/fuzz/send.ts';

// Whatever is asked for, by whomever: an answer in the envelope of the contract, and a refusal changes
// nothing. SLIPWAY_FUZZ_SEED repeats a run.

const full = process.env.SLIPWAY_TEST_FULL === '1';
// As many for each operation, however many there are; in full 200,000.
const usual = full ? 200_000 : 40 * Object.keys(operations).length;
const count = Number(process.env.SLIPWAY_FUZZ_COUNT ?? usual);
const seed = Number(process.env.SLIPWAY_FUZZ_SEED ?? Date.now() % 1_000_000_007);

/** How many requests one estate is good for: they delete more and more of it. */
const perEstate = 10_000;
const estates = Array.from({ length: Math.ceil(count / perEstate) }, (_, index) => ({
  number: index + 1,
  requests: Math.min(perEstate, count - index * perEstate),
}));

const succeeded = new Set<OperationId>();

/** Sends requests to one estate, and looks at what comes of each. */
class Trial {
  readonly problems: string[] = [];
  readonly #estate: Estate;
  /** The database as the last request left it. */
  #before = '';

  constructor(estate: Estate) {
    this.#estate = estate;
  }

  async sendAll(requests: readonly FuzzRequest[]): Promise<void> {
    const { db, pools } = this.#estate;
    this.#before = await digestOf(db);
    for (const [index, asked] of requests.entries()) {
      // As autovacuum does where tables live longer: their statements are planned by what is in them.
      if (index % 1_000 === 0) await analyze(db);
      const made = asked.onSample ? await onSample(this.#estate, asked) : asked;
      if (asked.onSample) this.#before = await digestOf(db);
      const request = await broughtHome(db, pools, made);
      await this.#send(request, index % 10 === 0);
      if (asked.onSample?.what === 'twice') await this.#send(request, true);
    }
  }

  async #send(request: FuzzRequest, isLooked: boolean): Promise<void> {
    const { answer, sent } = await send(this.#estate, request);
    const spec: OperationSpec = operations[request.id];
    const problem = findProblem(spec, answer);
    if (problem !== undefined)
      this.problems.push(`${sent}\n  ${problem}\n  ${answer.body.slice(0, 400)}`);
    if (answer.statusCode < 300) succeeded.add(request.id);
    // Reads change nothing in a transaction that is read only; a look at some is enough.
    if (spec.method === 'GET' && !isLooked) return;
    const after = await digestOf(this.#estate.db);
    const mayChange =
      (spec.permission !== 'view' || spec.keeps === true) && answer.statusCode < 300;
    if (after !== this.#before && !mayChange)
      this.problems.push(`${sent}\n  changed something: ${answer.statusCode}`);
    this.#before = after;
  }
}

describe.each(estates)('estate $number', ({ number, requests }) => {
  const database = withDatabase();
  let app: FastifyInstance;
  beforeAll(() => {
    app = buildTestApp(database.db);
  });
  afterAll(() => app.close());

  // Each has requests of its own, which follow from the one seed.
  const ownSeed = seed + number - 1;

  test(`${requests} requests of every kind are answered within the contract, and refusals change nothing (seed ${ownSeed})`, async () => {
    const trial = new Trial(await newEstate(app, database.db));
    await trial.sendAll(fuzzRequests(requests, ownSeed));
    expect(trial.problems, `seed ${ownSeed}`).toEqual([]);
    expect(await checkInvariants(database.db)).toEqual([]);
  }, 900_000);
});

test('random requests get past the first check of nearly every operation', () => {
  const ids = Object.keys(operations) as OperationId[];
  const never = ids.filter((id) => !succeeded.has(id));
  const most = full ? 0.02 : 0.05;
  expect(never.length / ids.length, `never succeeded: ${never.join(', ')}`).toBeLessThan(most);
});
