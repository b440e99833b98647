import { setTimeout as sleep } from 'node:timers/promises';
import { type AppOptions, buildApp } from './app.ts';
import type { SecretBox } from './auth/secret-box.ts';
import { poolOf } from './database/connection/connection.ts';
import { describeDamage } from './database/connection/damage.ts';
import { Heartbeat } from './database/connection/heartbeat.ts';
import { StartError } from './database/embedded/start-error.ts';
import { NewerDatabaseError, migrateDatabase } from './database/migrate.ts';
import { ensureBegun } from './database/records/ensure-begun.ts';
import { findRole, grantRights } from './database/rights.ts';
import { type Env, USAGE, parseEnv } from './env.ts';
import { openCloudsForRequests } from './fleet/image-sight.ts';
import { Loops } from './fleet/loops.ts';
import { RecordLoops } from './fleet/records/record-loops.ts';
import { type FirstRun, firstRun } from './first-run.ts';
import { Health } from './health.ts';
import { createMetrics } from './http/metrics.ts';
import { Lifecycle } from './lifecycle.ts';
import { addressOf, checkAddress, checkPrivacy, listenError } from './listen.ts';
import type { Channels } from './perform.ts';
import { type ProvidedDatabase, provideDatabase } from './provide-database.ts';
import { lastBackup, planBackups } from './start/backups.ts';
import { Certificate } from './start/certificate.ts';
import { greet } from './start/greet.ts';
import { listenApart } from './start/listen-apart.ts';
import { openPools, openReplica, watchRoom } from './start/pools.ts';
import { openSecrets } from './start/secrets.ts';
import { Voice } from './start/voice.ts';
import { version } from './version.ts';

const APP_PATIENCE_MS = 5000;
const LOOP_PATIENCE_MS = 1000;
const POOL_PATIENCE_MS = 1000;

const lifecycle = new Lifecycle();
const voice = new Voice();
const { say, warn } = voice;
lifecycle.listenForSignals();
try {
  const env = parseEnv(process.argv.slice(2), process.env);
  if (env === 'help') {
    process.stdout.write(USAGE);
    await lifecycle.stop(0);
  } else {
    voice.speak(env, () => lifecycle.isStopping);
    await start(env);
  }
} catch (error) {
  await fail(error);
}

async function start(env: Env): Promise<void> {
  checkPrivacy(env);
  const certificate = env.tls && (await openCertificate(env.tls));
  await checkAddress(env.host, env.port);
  const database = await provideDatabase(env, {
    kind: 'server',
    onProgress: say,
    onLost: (reason) => tellLost(reason, env),
    onBack: () => say('The embedded PostgreSQL runs again.'),
  });
  lifecycle.onStop(() => database.stop());
  const backups = await planBackups(env, database.ownerUrl, warn);
  const { health, room, replica, ...pools } = connect(database, env);
  const { db, loopsDb } = pools;
  const { keepDays } = env;
  const loops = new Loops(loopsDb, { onError: warn, keepDays, cloud: env, contact: env, backups });
  // What an older Slipway left belongs to the owner alone.
  const role = await findRole(database.url);
  await grantRights(database.ownerUrl, role);
  const secrets = await openSecrets([db, loopsDb], env, database.folder?.path, warn);
  const metrics = createMetrics({
    version,
    replica,
    pool: () => poolOf(db).counts(),
    loops: loops.states,
    freeBytes: () => room?.freeBytes,
    certificateEnd: () => certificate?.expiresAt,
    lastBackup: () => lastBackup(backups),
  });
  const [channels, clouds] = [channelsOf(env), openCloudsForRequests(db, env, secrets)];
  const parts = { env, replica, secrets, channels, clouds, health, metrics };
  const records = new RecordLoops(env, warn);
  lifecycle.onStop(() => records.stop(), LOOP_PATIENCE_MS);
  const address = await listen({ ...pools, ...parts }, env, certificate);
  channels.address = address;

  health.phase = 'migrating the database';
  const first = await prepare(database.ownerUrl, role, env, secrets);
  records.start(loopsDb, database.ownerUrl);
  await database.folder?.publish({ databaseUrl: database.ownerUrl, appUrl: database.url, address });
  loops.start(secrets);
  lifecycle.onStop(() => loops.stop(), LOOP_PATIENCE_MS);
  health.phase = 'serving';
  lifecycle.onStop(async () => {
    health.phase = 'stopping';
    await sleep(env.drainSeconds * 1000);
  });
  await greet(db, env, voice, { address, first });
}

/** The connections to a database, and what watches over it. */
function connect({ url, folder }: ProvidedDatabase, env: Env) {
  const pools = openPools(url, env, warn);
  const { db, exportsDb, loopsDb } = pools;
  for (const pool of [db, exportsDb, loopsDb])
    lifecycle.onStop(() => pool.destroy(), POOL_PATIENCE_MS);
  const room = folder && watchRoom(folder.path, env, [db, loopsDb], warn);
  if (room) lifecycle.onStop(() => room.stop());
  const heartbeat = new Heartbeat(url, db, tellOutage);
  lifecycle.onStop(() => heartbeat.stop(), POOL_PATIENCE_MS);
  const replica = openReplica(env, warn);
  if (replica) lifecycle.onStop(() => replica.stop(), POOL_PATIENCE_MS);
  const health = new Health(heartbeat, {
    isFull: () => room?.room === 'none',
    starvedMs: () => poolOf(db).starvedMs(),
    replicaProblem: () => replica?.problem,
  });
  return { ...pools, room, replica, health };
}

/** The own certificate, which is taken anew when its files change, and on SIGHUP. */
async function openCertificate(files: NonNullable<Env['tls']>): Promise<Certificate> {
  const certificate = await Certificate.open(files);
  certificate.follow({ onNew: say, onProblem: warn });
  lifecycle.onHangUp(() => void certificate.look(true));
  const problem = certificate.findProblem();
  if (problem !== undefined) warn(problem);
  return certificate;
}

/** How owners of farms can be written to; the address is known once the port is. */
function channelsOf({ smtp, webhook, allowsPrivateWebhooks }: Env): Channels {
  return {
    mail: smtp !== undefined,
    webhook: webhook !== undefined,
    privateWebhooks: allowsPrivateWebhooks,
    address: '',
  };
}

function tellLost(reason: string, { dataFolder }: Env): void {
  warn(
    `The embedded PostgreSQL ended (${reason}) and is being started again; its log is ${dataFolder}/postgresql.log.`,
  );
}

/** Brings the database to this version. @returns what was done for one that was empty before */
async function prepare(
  ownerUrl: string,
  role: string,
  { empty, headsFile }: Env,
  secrets: SecretBox | undefined,
): Promise<FirstRun | undefined> {
  await migrateDatabase(ownerUrl);
  await grantRights(ownerUrl, role);
  const seal = secrets?.sealRecord;
  const first = await firstRun({ databaseUrl: ownerUrl, empty, seal, onProgress: say });
  if (seal && (await ensureBegun(ownerUrl, seal, headsFile)) === 'gone')
    warn(
      'The begin of records is gone from the database: npm run -s slipway -- doctor tells more.',
    );
  return first;
}

/**
 * It listens before the database is ready, so that a long migration does not look like a dead process.
 * @returns where people reach it
 */
async function listen(
  parts: AppOptions & Required<Pick<AppOptions, 'health' | 'metrics'>>,
  env: Env,
  certificate: Certificate | undefined,
): Promise<string> {
  const tls = certificate?.pair;
  const app = buildApp({ ...parts, tls });
  try {
    await app.listen({ port: env.port, host: env.host });
  } catch (error) {
    throw listenError(error, env.host, env.port);
  }
  for (const one of [app, ...(await listenApart(env, { ...parts, tls }))]) {
    lifecycle.onStop(() => one.close(), APP_PATIENCE_MS);
    certificate?.serve(one.server);
  }
  if (env.publicUrl !== undefined) return env.publicUrl;
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : env.port;
  return addressOf(env, port);
}

/** Prints what went wrong and ends: with 2 when the person at the terminal can mend it, else with 1. */
async function fail(error: unknown): Promise<void> {
  if (lifecycle.isStopping) return;
  const damage = describeDamage(error);
  const mendable =
    error instanceof StartError || error instanceof NewerDatabaseError || damage !== undefined;
  const text =
    damage ?? (error instanceof Error ? (mendable ? error.message : error.stack) : String(error));
  voice.fail(text ?? '');
  await lifecycle.stop(mendable ? 2 : 1);
}

function tellOutage(problem: string | undefined): void {
  warn(problem === undefined ? 'The database answers again.' : `Outage: ${problem}.`);
}
