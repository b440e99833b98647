import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { checkInvariants } from '../database/invariants.ts';
import { buildTestApp } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { digestOf } from '../testing/fuzz/digest.ts';
import { type Estate, newEstate } from '../testing/fuzz/estate.ts';
import { broughtHome } from '../testing/fuzz/homes.ts';
import { findProblem } from '../testing/fuzz/judge-answers.ts';
import { onSample } from '../testing/fuzz/on-sample.ts';
import { PoolIds } from '../testing/fuzz/pool-ids.ts';
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

const database = withDatabase();
let app: FastifyInstance;
beforeAll(() => {
  app = buildTestApp(database.db);
});
afterAll(() => app.close());

/** What came of the requests so far. */
const problems: string[] = [];
const succeeded = new Set<string>();
/** The database as the last of them left it. */
let before = '';

async function sendAndJudge(estate: Estate, request: FuzzRequest, isLooked: boolean) {
  const { answer, sent } = await send(estate, request);
  const spec: OperationSpec = operations[request.id];
  const { method, permission, keeps } = spec;
  const problem = findProblem(spec, answer);
  if (problem !== undefined) problems.push(`${sent}\n  ${problem}\n  ${answer.body.slice(0, 400)}`);
  if (answer.statusCode < 300) succeeded.add(request.id);
  // Reads change nothing in a transaction that is read only; a look at some is enough.
  if (method === 'GET' && !isLooked) return;
  const after = await digestOf(database.db);
  const mayChange = (permission !== 'view' || keeps === true) && answer.statusCode < 300;
  if (after !== before && !mayChange)
    problems.push(`${sent}\n  changed something: ${answer.statusCode}`);
  before = after;
}

async function sendAll(): Promise<void> {
  const pools = new PoolIds();
  let estate: Estate | undefined;
  for (const [index, asked] of fuzzRequests(count, seed).entries()) {
    if (!estate || index % perEstate === 0) estate = await newEstate(app, database.db, pools);
    const made = asked.onSample ? await onSample(estate, asked) : asked;
    if (asked.onSample || index % perEstate === 0) before = await digestOf(database.db);
    const request = await broughtHome(database.db, pools, made);
    await sendAndJudge(estate, request, index % 10 === 0);
    if (asked.onSample?.what === 'twice') await sendAndJudge(estate, request, true);
  }
}

test(
  `${count} requests of every kind are answered within the contract, and refusals change nothing (seed ${seed})`,
  async () => {
    await sendAll();
    expect(problems, `seed ${seed}`).toEqual([]);
    // The fuzz gets past the first check of most operations.
    const never = Object.keys(operations).filter((id) => !succeeded.has(id));
    const most = full ? 0.02 : 0.05;
    const share = never.length / Object.keys(operations).length;
    expect(share, `never succeeded: ${never.join(', ')}`).toBeLessThan(most);
    expect(await checkInvariants(database.db)).toEqual([]);
  },
  full ? 5_400_000 : 900_000,
);
