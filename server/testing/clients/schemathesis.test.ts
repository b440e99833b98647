import fs from 'node:fs';
import pg from 'pg';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import { sampleOf } from '../conformance/samples.ts';
import { withDatabase } from '../database.ts';
import { createTenant } from '../harness.ts';
import { endOf, type ServerProcess, startServerProcess } from '../server-process.ts';
import { createKey, type Key } from '../signed-client.ts';
import { testSecretsKey } from '../test-key.ts';

// Schemathesis reads the served OpenAPI document and asks for everything that it says may be asked for, and for what
// it says may not, with an API key.

/** The installed program; `npm run test:clients` says where it is, or why it is not. */
const schemathesis = process.env.SLIPWAY_SCHEMATHESIS ?? '';
const hooks = fileURLToPath(
  new URL('../../../scripts/clients/schemathesis_hooks.py', import.meta.url),
);
const database = withDatabase();
let server: ServerProcess;
let key: Key;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schemathesis-'));
  server = await startServerProcess(database.url, {
    environment: { SECRETS_KEY: testSecretsKey.toString('base64'), RATE_LIMIT_PER_MINUTE: '0' },
  });
  const tenant = await createTenant(database.db);
  key = await createKey(database.db, tenant.corporateAdmin.email);
  const samples: Record<string, unknown> = {};
  for (const [id, { levels }] of Object.entries(operations) as [OperationId, OperationSpec][])
    for (const level of levels)
      samples[`${level}.${id}`] = await sampleOf(database.db, tenant, level, id);
  await writeFile(join(folder, 'samples.json'), JSON.stringify(samples));
}, 240_000);
afterAll(async () => {
  server.child.kill();
  await endOf(server);
  await rm(folder, { recursive: true });
});

const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];
/** The same in every run: what fits and what does not, a few for each operation beside its sample. */
const args = Object.entries({
  checks: checks.join(','),
  phases: 'examples,fuzzing',
  mode: 'all',
  'max-examples': 5,
  seed: 20_261_128,
  'generation-database': 'none',
  'generation-with-security-parameters': 'false',
  'suppress-health-check': 'all',
  workers: 2,
  'request-timeout': 30,
  warnings: 'off',
}).flatMap(([name, value]) => [`--${name}`, String(value)]);

interface Report {
  code: number | null;
  printed: string;
  /** How often each status was answered. */
  statuses: Map<number, number>;
}

async function run(): Promise<Report> {
  const report = join(folder, 'report.ndjson');
  const child = spawn(
    schemathesis,
    ['run', `${server.address}/api/openapi.json`, ...args, '--report-ndjson-path', report],
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        LANG: 'C.UTF-8',
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: hooks,
        SLIPWAY_SAMPLES: join(folder, 'samples.json'),
        SLIPWAY_KEY_ID: key.id,
        SLIPWAY_KEY_SECRET: key.secret,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [printed, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const statuses = new Map<number, number>();
  for (const [, status = ''] of (await readFile(report, 'utf8')).matchAll(/"status_code": ?(\d+)/g))
    statuses.set(Number(status), (statuses.get(Number(status)) ?? 0) + 1);
  return { code: child.exitCode, printed: printed + errors, statuses };
}

test.skipIf(schemathesis === '')(
  'what the served specification allows, and what it forbids, is answered as it says',
  async () => {
    const client = new pg.Client(database.url);
    await client.connect();
    const found: string[] = [];
    const seenq = new Set<string>();
    const timer = setInterval(
      () =>
        void (async () => {
          const { rows } = await client.query(
            "SELECT query, now() - query_start AS age FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND now() - query_start > interval '2 seconds' AND query ILIKE '%select%'",
          );
          for (const { query } of rows) {
            if (seenq.has(query)) continue;
            seenq.add(query);
            const counts = await client.query(
              'SELECT (SELECT count(*) FROM images) i, (SELECT count(*) FROM inventory_images) x, (SELECT count(*) FROM inventory_references) r, (SELECT count(*) FROM inventory_references WHERE gone_at IS NULL) rl, (SELECT count(*) FROM role_images) ri, (SELECT count(*) FROM farm_roles) fr, (SELECT count(*) FROM servers) s, (SELECT count(*) FROM cloud_credentials) c',
            );
            const stats = await client.query(
              "SELECT relname, reltuples, relpages FROM pg_class WHERE relname IN ('images','roles','role_images','farm_roles','servers','farms','inventory_images','inventory_references','cloud_credentials')",
            );
            const plan = await client
              .query(`EXPLAIN (GENERIC_PLAN) ${query}`)
              .catch((e: unknown) => ({ rows: [{ 'QUERY PLAN': String(e) }] }));
            found.push(
              JSON.stringify(counts.rows) +
                JSON.stringify(stats.rows) +
                '\n' +
                query +
                '\n' +
                plan.rows.map((r: Record<string, string>) => r['QUERY PLAN']).join('\n'),
            );
            fs.writeFileSync('/tmp/proof-slow.txt', found.join('\n=========\n'));
          }
        })(),
      500,
    );
    const { code, printed, statuses } = await run();
    clearInterval(timer);
    expect(printed.slice(-20_000)).toMatch(/No issues found/);
    expect(code).toBe(0);
    // Each operation succeeds once, or nothing was tried but refusals.
    expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0)).toBeGreaterThan(900);
  },
  600_000,
);
