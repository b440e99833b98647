import { parseArgs } from 'node:util';
import pg from 'pg';
import { createSession } from '#server/auth/sessions.ts';
import { readSecretBox } from '#server/auth/secrets-key.ts';
import { openDatabase, poolOf, sealOf } from '#server/database/connection/connection.ts';
import { addHeldVersions } from '#server/database/estate/large/versions.ts';
import { buildTestApp, openBrowser } from '#server/testing/app.ts';
import { measureChanges } from './changes.ts';
import { measureDownload } from './download.ts';
import { measureEvents } from './events.ts';
import { measureFairness } from './fairness.ts';
import { openClient } from './http.ts';
import { measureInventory } from './inventory.ts';
import { measureKeeper } from './keeper.ts';
import { measureLive } from './live.ts';
import { measureMix } from './mix.ts';
import { measurePlans } from './plans.ts';
import { measurePolicies } from './policies.ts';
import { fillOperations, planOperationReads } from './operations.ts';
import { planReads } from './reads.ts';
import { measureRecords } from './records.ts';
import { printTable, renderDocument } from './report.ts';
import { describeMachine, type ResultRow, takeOverRows, writeResults } from './results.ts';
import { type Bench, sampleReads, toResultRow } from './sample.ts';
import { type BenchServer, ended, runNode, startBenchServer, waitForAddress } from './server.ts';
import { findSubject } from './viewpoints.ts';

const USAGE = `npm run bench -- [options]

  --size l|xl   the estate (default l)
  --only TEXT   only rows with this text in their name; nothing is written
  --take-over   write those into the results of the last whole run, each with when it was measured
  --runs N      rounds (default 30)
  --data DIR    use this data folder and keep it (default: a new one, deleted at the end)
  --port N      port of the server (default: any free one)
  --render      only write docs/performance.md again, from bench/results/
`;
const memoryBarMb = 300;
const chief = 'corporate-admin@example.com';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: 'l' },
    only: { type: 'string' },
    'take-over': { type: 'boolean' },
    runs: { type: 'string', default: '30' },
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
    render: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (options.help) console.log(USAGE);
else if (options.render) renderDocument();
else await run();
// The launcher keeps a channel open to tell us when it is gone; we are done first.
process.exit(0);

async function run(): Promise<void> {
  const machine = describeMachine();
  const server = await startBenchServer(options.size, Number(options.port), options.data);
  const emptyServer = runNode(['bench/empty-server.ts', '0']);
  const db = openDatabase(server.databaseUrl, { maxConnections: 4 });
  // What is written here is sealed as what the server writes.
  const noKey = { secretsKey: undefined, secretsKeyFile: undefined };
  poolOf(db).seal = (await readSecretBox(noKey, server.folder))?.sealRecord;
  const replayer = new pg.Client({ connectionString: server.databaseUrl, options: '-c jit=off' });
  await replayer.connect();
  const { id } = await db
    .selectFrom('users')
    .where('email', '=', chief)
    .select('id')
    .executeTakeFirstOrThrow();
  const { token } = await createSession(db, id);
  const app = buildTestApp(db);
  const bench: Bench = {
    db,
    replayer,
    client: openClient(server.address, token),
    inside: await openBrowser(app, db, chief),
    empty: openClient(await waitForAddress(emptyServer)),
  };
  const rows = await measure(bench, server, token);
  printTable(rows);
  if (options.only === undefined) {
    const { rows: versions } = await replayer.query<{ server_version: string }>(
      'SHOW server_version',
    );
    machine.postgres = versions[0]?.server_version ?? 'unknown';
    writeResults(`server-${options.size}`, {
      title: `The server on estate ${options.size}`,
      machine,
      rows,
    });
    renderDocument();
  } else if (options['take-over']) {
    takeOverRows(`server-${options.size}`, machine, rows);
    renderDocument();
  }
  bench.client.close();
  bench.empty.close();
  await app.close();
  await replayer.end();
  await db.destroy();
  emptyServer.kill();
  await ended(emptyServer);
  await server.stop();
}

async function measure(bench: Bench, server: BenchServer, token: string): Promise<ResultRow[]> {
  const rounds = Number(options.runs);
  const { only = '' } = options;
  const atRest = await server.memoryMb();
  const subject = await findSubject(bench.db);
  const all = await planReads(bench.client, subject);
  const wanted = all.filter(({ group, name }) => `${group}, ${name}`.includes(only));
  const reads = await sampleReads(bench, wanted, rounds);
  const rows = reads.map((sampled) => toResultRow(sampled, options.size));
  // As the command line has it: what makes or checks a whole estate may take longer than a request.
  const unlimited = openDatabase(server.databaseUrl, { limited: false });
  const part = async (name: string, work: () => Promise<ResultRow[]>) => {
    if (only === '' || only === name) rows.push(...(await work()));
  };
  await part('changes', () => measureChanges(bench, subject.landmarks, rounds));
  await part('versions', async () => {
    const versions = await addHeldVersions(unlimited);
    return measurePlans(bench, subject.landmarks.bigAccount, versions, rounds);
  });
  await part('csv', () => measureDownload(server, token, options.size));
  await part('mix', () => measureMix(unlimited, server.address, token));
  await part('fairness', () => measureFairness(bench.db, server.address));
  const { accountId } = subject.landmarks.bigAccount;
  await part('keeper', () => measureKeeper(bench.db, bench.replayer, accountId, rounds));
  await part('policies', () => measurePolicies(bench.db, bench.replayer, accountId, rounds));
  await part('events', () => measureEvents(unlimited, server.databaseUrl, bench.client, all));
  await part('inventory', () => measureInventory(unlimited, bench.client, all));
  await part('operations', async () => {
    const objects = await fillOperations(unlimited);
    const rows = planOperationReads(subject.viewpoints, objects);
    const sampled = await sampleReads(bench, rows, rounds);
    const seal = sealOf(bench.db);
    const checked = seal ? await measureRecords(unlimited, seal) : [];
    return [...sampled.map((one) => toResultRow(one, options.size)), ...checked];
  });
  await part('live', () => measureLive(bench.db, bench.replayer));
  await unlimited.destroy();
  if (only === '') rows.push(...memoryRows(atRest, await server.memoryMb()));
  return rows;
}

function memoryRows(atRest: number, after: number): ResultRow[] {
  const group = 'Memory of the server, without PostgreSQL';
  const row = (name: string, p95: number) => {
    const bar = { bar: `< ${memoryBarMb} MB`, holds: p95 < memoryBarMb };
    return { group, name, p95, unit: 'MB', ...bar };
  };
  return [row('after its start', atRest), row('after everything above', after)];
}
