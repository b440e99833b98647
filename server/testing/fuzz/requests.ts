import fc from 'fast-check';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import { hole, place, reference } from './holes.ts';
import type { Hole, Pool } from './pools.ts';
import { sampleAt } from './sample-at.ts';
import { membersOf, textFor, valueOf } from './schema-values.ts';
import { killerJson, killerMembers, killerPaths, killerTexts } from './killers.ts';

// Requests over the whole contract: near to valid, so that they get past the first check, with something
// dreadful in them now and then. Ids are places in pools that are looked up when a request is sent, so
// that one seed gives the same requests whatever ids the database hands out.

export interface FuzzRequest {
  id: OperationId;
  level: OperationSpec['levels'][number];
  who: number;
  scope: Hole | string;
  /** Sent to the scope of the object that is named, whatever `level` and `scope` say. */
  atHome: boolean;
  params: Record<string, Hole | string>;
  /** In order; a name may stand twice. */
  query: [string, unknown][];
  body: unknown;
  ifMatch: string | undefined;
  /** That it is for objects that are made for it, as it wants them, with something of its own instead. */
  onSample: Varied | undefined;
}

/** What of a request on a sample is its own, as it stands in the request. */
export interface Varied {
  what: 'nothing' | 'twice' | 'who' | 'query' | 'param' | 'member' | 'ifMatch';
  /** Which of several, counted round. */
  place: number;
}

const onSample = fc.record({
  what: fc.constantFrom(
    ...(['nothing', 'nothing', 'twice', 'who', 'query', 'param', 'member', 'ifMatch'] as const),
  ),
  place,
});

/** Mostly what belongs there, else something that does not. */
function nearly(valid: fc.Arbitrary<unknown>, killer: fc.Arbitrary<unknown>) {
  return fc.oneof({ weight: 14, arbitrary: valid }, { weight: 1, arbitrary: killer });
}

function queryOf(spec: OperationSpec): fc.Arbitrary<[string, unknown][]> {
  const { members, required } = membersOf(spec.query);
  const names = Object.keys(members);
  const one = (key: string) => {
    const valid = textFor(key, members[key]);
    return nearly(valid, fc.constantFrom(...killerTexts)).map((value): [string, unknown] => [
      key,
      value,
    ]);
  };
  const stray = fc.oneof(
    { weight: 30, arbitrary: fc.constant<[string, unknown][]>([]) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom('colour', '__proto__', 'constructor', ''),
          fc.constantFrom(...killerTexts),
        )
        .map((pair): [string, unknown][] => [pair]),
    },
  );
  if (names.length === 0) return stray;
  return fc
    .tuple(fc.subarray(names, { maxLength: Math.min(4, names.length) }), fc.nat(20))
    .chain(([picked, twice]) => {
      const keys = [...new Set([...(twice === 1 ? [] : required), ...picked])];
      if (twice === 0 && keys[0] !== undefined) keys.push(keys[0]);
      return fc.tuple(fc.tuple(...keys.map(one)), stray).map(([own, more]) => [...own, ...more]);
    });
}

/** What stands in for what, by the operation: each kind of object for its like. */
function replacementOf(id: OperationId): Pool {
  if (id.startsWith('rollout')) return 'replacement';
  if (id.startsWith('imageSet')) return 'imageSet';
  return id.startsWith('role') ? 'role' : 'image';
}

function bodyOf(id: OperationId, spec: OperationSpec): fc.Arbitrary<unknown> {
  if (!spec.body) return fc.constantFrom(undefined, undefined, undefined, undefined, {}, '[1]');
  const { members, required } = membersOf(spec.body);
  const record = Object.fromEntries(
    Object.entries(members).map(([key, schema]) => {
      const valid =
        key === 'replacement'
          ? fc.oneof(reference(replacementOf(id)), fc.constant(null))
          : valueOf(key, schema);
      return [key, nearly(valid, fc.constantFrom(...killerJson))];
    }),
  );
  const near = fc.record(record, { requiredKeys: required });
  // Deeper ones than schemas lead to; some of their members are others.
  const whole = fc
    .tuple(place, fc.record(record, { requiredKeys: [] }), fc.nat(3))
    .map(([at, others, some]) => ({ ...sampleAt(id, at), ...(some === 0 && others) }));
  const strayed = fc
    .tuple(near, fc.constantFrom(...killerMembers), fc.constantFrom(...killerJson))
    .map(([body, member, value]) => ({ ...body, [member]: value }));
  return fc.oneof(
    { weight: 20, arbitrary: near },
    { weight: 10, arbitrary: whole },
    { weight: 2, arbitrary: strayed },
    { weight: 1, arbitrary: fc.constantFrom(...killerJson) },
  );
}

function requestOf(id: OperationId): fc.Arbitrary<FuzzRequest> {
  const spec: OperationSpec = operations[id];
  const names = Object.keys(membersOf(spec.params).members);
  const params = Object.fromEntries(
    names.map((key) => [key, nearly(textFor(key, undefined), fc.constantFrom(...killerPaths))]),
  );
  const query = queryOf(spec);
  const body = spec.method === 'GET' ? fc.constant(undefined) : bodyOf(id, spec);
  return fc.constantFrom(...spec.levels).chain((level) => {
    const where: Pool = level === 'user' ? 'environment' : 'account';
    return fc.record({
      id: fc.constant(id),
      level: fc.constant(level),
      who: fc.nat(2),
      // Mostly the first ones: they are the tenant whose people ask.
      scope: nearly(
        fc.oneof(
          {
            weight: 8,
            arbitrary: fc.record({
              pool: fc.constant(where),
              place: fc.nat(level === 'user' ? 1 : 0),
            }),
          },
          { weight: 1, arbitrary: hole(where) },
        ),
        fc.constantFrom(...killerPaths),
      ) as fc.Arbitrary<Hole | string>,
      atHome: fc.boolean(),
      params: fc.record(params) as fc.Arbitrary<Record<string, Hole | string>>,
      query,
      body,
      ifMatch: fc.oneof(
        { weight: 30, arbitrary: fc.constant(undefined) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('"1"', '"999999999"', '*', '7', '"9999999999"', ''),
        },
      ),
      onSample: fc.oneof(
        { weight: 7, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: onSample },
      ),
    });
  });
}

/** `count` requests over the whole contract; the same for the same seed. */
export function fuzzRequests(count: number, seed: number): FuzzRequest[] {
  const ids = Object.keys(operations) as OperationId[];
  // Changes are what can go wrong in more ways.
  const weighed = ids.map((id) => ({
    weight: operations[id].method === 'GET' ? 2 : 3,
    arbitrary: requestOf(id),
  }));
  return fc.sample(fc.oneof(...weighed), { numRuns: count, seed });
}
