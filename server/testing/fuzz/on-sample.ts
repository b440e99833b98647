import { sql } from 'kysely';
import { ApiError } from '#contract/errors.ts';
import type { Db } from '../../database/connection/connection.ts';
import { serverRemovalKind } from '../../database/queries/farms/server-steps.ts';
import { sampleOf, scopeParams } from '../conformance/samples.ts';
import type { Estate } from './estate.ts';
import { isParameterOfPool, poolOfParameter } from './pools.ts';
import type { FuzzRequest } from './requests.ts';

/**
 * The request on objects that were made for it, in the state that it wants, with what it varies. Others meet them later.
 * @returns the request as it is where earlier ones have left nothing to make them of
 */
export async function onSample(estate: Estate, request: FuzzRequest): Promise<FuzzRequest> {
  const { db, tenant, pools } = estate;
  const { id, level } = request;
  await letRemovalsEnd(db);
  const sample = await sampleOf(db, tenant, level, id).catch((error: unknown) => {
    if (error instanceof ApiError) return undefined;
    throw error;
  });
  if (!sample) return request;
  const named = Object.entries(sample.params ?? {}).map(([name, value]) => [name, String(value)]);
  const params: Record<string, string> = Object.fromEntries(named);
  for (const [name, value] of Object.entries(params))
    if (isParameterOfPool(name)) pools.add(poolOfParameter[name], value);
  const [scope = ''] = Object.values(scopeParams(tenant, level)).map(String);
  const whole = { ...request, who: 0, scope, atHome: false, params, body: sample.body };
  const query = Object.entries(sample.query ?? {});
  return varied({ ...whole, query, ifMatch: undefined }, request);
}

/** As if an hour had gone by: samples wait until clouds have done all, and would wait for launches that may yet come. */
async function letRemovalsEnd(db: Db): Promise<void> {
  await sql`UPDATE outbox
    SET payload = jsonb_set(payload, '{removedAt}', to_jsonb(clock_timestamp() - interval '1 hour'))
    WHERE kind = ${serverRemovalKind} AND done_at IS NULL`.execute(db);
}

/** With that one thing of the other request. */
function varied(sample: FuzzRequest, other: FuzzRequest): FuzzRequest {
  const { what, place } = other.onSample ?? { what: 'nothing', place: 0 };
  if (what === 'who') return { ...sample, who: other.who };
  if (what === 'ifMatch') return { ...sample, ifMatch: other.ifMatch ?? '"1"' };
  if (what === 'query') return { ...sample, query: [...sample.query, ...other.query] };
  if (what === 'param') return { ...sample, params: withOne(sample.params, other.params, place) };
  if (what === 'member' && isObject(sample.body) && isObject(other.body))
    return { ...sample, body: withOne(sample.body, other.body, place) };
  return sample;
}

function withOne<Value>(
  all: Record<string, Value>,
  others: Record<string, Value>,
  place: number,
): Record<string, Value> {
  const names = Object.keys(others);
  const name = names[place % names.length];
  return name === undefined ? all : { ...all, [name]: others[name] as Value };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
