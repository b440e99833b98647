import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import { rolePermissions } from '#contract/permissions.ts';
import { isWithin } from '../../domain/rights.ts';
import { levelPaths } from '../../http/address.ts';
import { isChange } from '../../operation-kinds.ts';
import { buildTestApp } from '../app.ts';
import { openSessionCookie, sampleOf, scopeOf } from '../conformance/samples.ts';
import { everywhere, type Level } from '../conformance/specification.ts';
import type { Input } from '../conformance/client.ts';
import { withDatabase } from '../database.ts';
import { createTenant, type Tenant } from '../harness.ts';
import { signHeaders } from '../sign-headers.ts';
import { type Actor, createActors, type Credential, credentials } from './actors.ts';
import { caseKey, head, maskedLike, type Outcome, toLines } from './table.ts';

// Every operation by everybody with everything that one can show: what is allowed is a file that is read as a
// difference. A change names a version that is none, so that whoever is allowed changes nothing either; that it can
// be carried out at all is shown before, on another sample.

const isWhole = process.env.SLIPWAY_TEST_FULL === '1' || process.env.SLIPWAY_MATRIX === 'whole';
// Part of it each time, for its length: what a key may do that is not narrowed is what its user may.
const roles = isWhole ? undefined : (['viewer', 'administrator'] as const);
const shown = isWhole ? credentials : credentials.filter((credential) => credential !== 'key');
const golden = fileURLToPath(new URL('matrix.txt', import.meta.url));

/**
 * They end, or begin, what they are asked with, or act for nobody, whoever asks: the tests of server/services/people
 * and server/fleet/notices.test.ts have these.
 */
const ofSessions: readonly OperationId[] = [
  'sessionCreate',
  'sessionCreateByPassword',
  'sessionCreateByPasskey',
  'passkeySignInBegin',
  'subscriptionEnd',
  'sessionDelete',
  'signInLinkSend',
  'firstAdministratorCreate',
  'passwordSet',
];
const rows = everywhere.filter(([, , id]) => !ofSessions.includes(id));

const database = withDatabase();
let app: FastifyInstance;
let tenant: Tenant;
let actors: Actor[];
let administrator: Record<string, string>;
const lines = new Map<string, string[]>();
const leaks: string[] = [];
let cases = 0;

beforeAll(async () => {
  const { db } = database;
  // However long it takes.
  const sessions = { idleMinutes: 1_440, hours: 24, confirmMinutes: 0 };
  app = buildTestApp(db, { env: { sessions } });
  tenant = await createTenant(db);
  actors = await createActors(db, tenant, await createTenant(db), roles);
  administrator = await openSessionCookie(db, tenant.corporateAdmin.email);
});
afterAll(() => app.close());

const specOf = (id: OperationId): OperationSpec => operations[id];

function urlOf(level: Level, id: OperationId, { params = {}, query = {} }: Input): string {
  const fill = (path: string) =>
    path.replaceAll(/:(\w+)|\{(\w+)\}/g, (_, one, other) => String(params[one ?? other]));
  const search = new URLSearchParams(query).toString();
  const path = fill(`${levelPaths[level][0]}${specOf(id).path}`);
  return `/api/v1beta0${path}${search === '' ? '' : `?${search}`}`;
}

async function send(
  level: Level,
  id: OperationId,
  input: Input,
  by: { cookie: Record<string, string> } | { key: Actor['keys']['key'] } | undefined,
  headers: Record<string, string> = {},
) {
  const { method } = specOf(id);
  const url = urlOf(level, id, input);
  const body = input.body === undefined ? '' : JSON.stringify(input.body);
  const date = new Date().toISOString();
  const proof =
    by === undefined
      ? { origin: 'http://localhost' }
      : 'cookie' in by
        ? by.cookie
        : signHeaders(by.key, { method, url, date, body });
  const type: Record<string, string> = body === '' ? {} : { 'content-type': 'application/json' };
  const options: InjectOptions = {
    method,
    url,
    headers: { host: 'localhost', ...type, ...proof, ...headers },
  };
  return app.inject(body === '' ? options : { ...options, payload: body });
}

const none = { 'if-match': '"999999999"' };

async function outcomeOf(...[level, id, input, by]: Parameters<typeof send>): Promise<Outcome> {
  const answer = await send(level, id, input, by, isChange(specOf(id)) ? none : {});
  cases += 1;
  const { statusCode: status } = answer;
  if (status >= 500 || status === 429) throw new Error(`${id}: ${answer.body}`);
  if (status === 401) return 'x';
  if (status === 404) return '.';
  if (status !== 403) return '+';
  return answer.json().errors[0].code === 'ScopeViolation' ? 's' : '-';
}

/** What says that something has changed: the chains, the fleets, and what waits to be carried out. */
async function stateNow() {
  const { rows: state } = await sql`
    SELECT (SELECT jsonb_agg(to_jsonb(r) ORDER BY chain) FROM revisions r) AS chains,
      (SELECT sum(revision) FROM fleet_revisions) AS fleets, (SELECT count(*) FROM outbox) AS jobs,
      (SELECT count(*) FROM sessions) AS sessions`.execute(database.db);
  return state;
}

/** Whether an actor's right, as the contract has it, is enough: told without asking the server. */
function mayPass(id: OperationId, level: Level, actor: Actor, credential: Credential): boolean {
  const spec = specOf(id);
  if (isChange(spec) && credential === 'read-only') return false;
  if (spec.permission === 'signed-in' || spec.permission === 'none') return true;
  const at = scopeOf(tenant, level);
  const isReached = credential !== 'narrowed' || level === 'user';
  if (!actor.role || !actor.at || !isReached || !isWithin(at, actor.at)) return false;
  return rolePermissions[actor.role].includes(spec.permission);
}

it.each(rows)('%s is allowed to who may, and to nobody else', async (name, level, id) => {
  const control = await sampleOf(database.db, tenant, level, id);
  const allowed = await send(level, id, control, { cookie: administrator });
  expect(allowed.statusCode, allowed.body).toBeLessThan(300);

  const sample = await sampleOf(database.db, tenant, level, id);
  const before = await stateNow();
  const nobody = await outcomeOf(level, id, sample, undefined);
  const outcomes = new Map<string, Outcome>();
  const asked = shown.map((credential) => async () => {
    for (const actor of actors) {
      const by = credential === 'session' ? actor : { key: actor.keys[credential] };
      const outcome = await outcomeOf(level, id, sample, by);
      outcomes.set(caseKey(actor, credential), outcome);
      if (outcome === '+' && !mayPass(id, level, actor, credential))
        leaks.push(`${name}: ${caseKey(actor, credential)}`);
    }
  });
  // A user exports one file at a time.
  if (specOf(id).kind === 'csv') for (const ask of asked) await ask();
  else await Promise.all(asked.map(async (ask) => ask()));
  expect(await stateNow()).toEqual(before);
  lines.set(name, toLines(name, nobody, outcomes));
});

it('no case is allowed that the contract does not allow', () => {
  expect(leaks).toEqual([]);
  expect(cases).toBeGreaterThanOrEqual(10_000);
});

const advice =
  'if this is meant, SLIPWAY_MATRIX=whole npx vitest run --update --project integration server/testing/matrix writes it';

it('who may do what is as the table beside this has it', async () => {
  const table = `${[head.trimEnd(), ...rows.flatMap(([name]) => lines.get(name) ?? [])].join('\n')}\n`;
  if (isWhole) await expect(table).toMatchFileSnapshot(golden);
  else expect(table, advice).toBe(maskedLike(await readFile(golden, 'utf8'), table));
});
