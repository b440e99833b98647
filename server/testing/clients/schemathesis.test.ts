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
/** A run ends by then, whatever it has not come to. */
const budgetS = 180;

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
  'max-examples': 3,
  seed: 20_261_128,
  'generation-database': 'none',
  'generation-with-security-parameters': 'false',
  'suppress-health-check': 'all',
  workers: 2,
  'max-time': budgetS,
  'request-timeout': 30,
  warnings: 'off',
}).flatMap(([name, value]) => [`--${name}`, String(value)]);

interface Report {
  code: number | null;
  printed: string;
  /** How many samples did what was asked for. */
  done: number;
}

interface ReportLine {
  ScenarioFinished?: {
    phase: string;
    recorder: { interactions: Record<string, { response: { status_code: number } | null }> };
  };
}

function countDone(report: string): number {
  const lines = report.trim().split('\n');
  return lines
    .map((line) => (JSON.parse(line) as ReportLine).ScenarioFinished)
    .filter((scenario) => scenario?.phase === 'examples')
    .flatMap((scenario) => Object.values(scenario?.recorder.interactions ?? {}))
    .filter(({ response }) => response !== null && response.status_code < 300).length;
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
  const done = countDone(await readFile(report, 'utf8'));
  return { code: child.exitCode, printed: printed + errors, done };
}

test.skipIf(schemathesis === '')(
  'what the served specification allows, and what it forbids, is answered as it says',
  async () => {
    const { code, printed, done } = await run();
    expect(printed.slice(-20_000)).toMatch(/No issues found/);
    expect(code).toBe(0);
    // Of 575. Some want a browser, some are refused since another sample has changed what they are about.
    expect(done).toBeGreaterThan(480);
  },
  (budgetS + 120) * 1_000,
);
