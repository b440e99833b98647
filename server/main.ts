import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import type { SecretBox } from './auth/secret-box.ts';
import { countUnopenedCredentials, countUnopenedKeys, openSecretBox } from './auth/secrets-key.ts';
import { createFirstLink, createSignInLink, firstLinkUrl } from './auth/sign-in-links.ts';
import { type Db, openDatabase, poolOf } from './database/connection/connection.ts';
import { describeDamage } from './database/connection/damage.ts';
import { Heartbeat } from './database/connection/heartbeat.ts';
import { RoomWatch } from './database/embedded/room.ts';
import { StartError } from './database/embedded/start-error.ts';
import { NewerDatabaseError, migrateDatabase } from './database/migrate.ts';
import { ensureBegun } from './database/records/ensure-begun.ts';
import { findRole, grantRights } from './database/rights.ts';
import { findChiefAdministrator } from './database/queries/people/users.ts';
import { type Env, USAGE, parseEnv } from './env.ts';
import { openCloudsForRequests } from './fleet/image-sight.ts';
import { loopConnections, Loops } from './fleet/loops.ts';
import { RecordLoops } from './fleet/records/record-loops.ts';
import { type FirstRun, firstRun } from './first-run.ts';
import { Health } from './health.ts';
import { exportsAtOnce } from './http/exports.ts';
import { buildMetricsApp, createMetrics } from './http/metrics.ts';
import { Lifecycle } from './lifecycle.ts';
import { addressOf, checkAddress, isPrivate, listenError } from './listen.ts';
import type { Channels } from './perform.ts';
import { provideDatabase } from './provide-database.ts';
import { version } from './version.ts';

const APP_PATIENCE_MS = 5000;
const LOOP_PATIENCE_MS = 1000;
const POOL_PATIENCE_MS = 1000;

const lifecycle = new Lifecycle();
let lastWarning = '';
lifecycle.listenForSignals();
try {
  const env = parseEnv(process.argv.slice(2), process.env);
  if (env === 'help') {
    process.stdout.write(USAGE);
    await lifecycle.stop(0);
  } else {
    await start(env);
  }
} catch (error) {
  await fail(error);
}

async function start(env: Env): Promise<void> {
  await checkAddress(env.host, env.port);
  const database = await provideDatabase(env, {
    kind: 'server',
    onProgress: say,
    onLost: (reason) => tellLost(reason, env),
    onBack: () => say('The embedded PostgreSQL runs again.'),
  });
  lifecycle.onStop(() => database.stop());
  const { db, exportsDb, loopsDb } = openPools(database.url, env);
  const room = database.folder && watchRoom(database.folder.path, env, [db, loopsDb]);
  const heartbeat = new Heartbeat(database.url, db, tellOutage);
  lifecycle.onStop(() => heartbeat.stop(), POOL_PATIENCE_MS);

  // It listens before the database is ready, so that a long migration does not look like a dead process.
  const health = new Health(heartbeat, {
    isFull: () => room?.room === 'none',
    starvedMs: () => poolOf(db).starvedMs(),
  });
  const loops = new Loops(loopsDb, loopSettingsOf(env));
  // What an older Slipway left belongs to the owner alone.
  const role = await findRole(database.url);
  await grantRights(database.ownerUrl, role);
  const secrets = await openSecrets([db, loopsDb], env, database.folder?.path);
  const metrics = metricsOf(db, loops, room);
  const [channels, clouds] = [channelsOf(env), openCloudsForRequests(db, env, secrets)];
  const app = buildApp({ db, exportsDb, env, secrets, channels, clouds, health, metrics });
  const records = new RecordLoops(env, warn);
  lifecycle.onStop(() => records.stop(), LOOP_PATIENCE_MS);
  const address = await listen(app, env);
  channels.address = address;
  lifecycle.onStop(() => app.close(), APP_PATIENCE_MS);
  if (env.metricsListen) await listenForMetrics(buildMetricsApp(metrics, env), env.metricsListen);

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
  await greet(db, env, address, first);
}

function loopSettingsOf(env: Env): ConstructorParameters<typeof Loops>[1] {
  return { onError: warn, keepDays: env.keepDays, cloud: env, contact: env };
}

function metricsOf(db: Db, loops: Loops, room: RoomWatch | undefined) {
  return createMetrics({
    version,
    pool: () => poolOf(db).counts(),
    loops: loops.states,
    freeBytes: () => room?.freeBytes,
  });
}

/** How owners of farms can be written to; the address is known once the port is. */
function channelsOf({ smtp, webhook }: Env): Channels {
  return { mail: smtp !== undefined, webhook: webhook !== undefined, address: '' };
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
 * Whoever reads an export slowly keeps nobody else waiting, and neither does what goes on in the background: both
 * have connections of their own.
 */
function openPools(url: string, env: Env): { db: Db; exportsDb: Db; loopsDb: Db } {
  const { databaseConnections, databasePooled: pooled } = env;
  const open = (maxConnections: number) => {
    const pool = openDatabase(url, { maxConnections, pooled, onError: warn });
    lifecycle.onStop(() => pool.destroy(), POOL_PATIENCE_MS);
    return pool;
  };
  return {
    db: open(databaseConnections),
    exportsDb: open(exportsAtOnce),
    loopsDb: open(loopConnections),
  };
}

/** Changes stop before the disk is full, and come back by themselves (docs/operations.md, "A full disk"). */
function watchRoom(folder: string, env: Env, pools: readonly Db[]): RoomWatch {
  const watch = new RoomWatch(folder, env.room, (room, freeMb) => {
    const free = `${freeMb} MB are free in ${folder}, where the database is`;
    const least = env.room.refuseBelowMb;
    const refusal =
      room === 'none'
        ? 'The disk of the database is almost full, so nothing can be changed until there is room. Reading goes on.'
        : undefined;
    for (const db of pools) poolOf(db).refuseChanges(refusal);
    if (room === 'enough') warn(`There is room again: ${free}.`);
    else if (room === 'scarce')
      warn(`Only ${free}. Below ${least} MB nothing can be changed: make room.`);
    else warn(`Only ${free}: changes are refused until there is room again. Reading goes on.`);
  });
  lifecycle.onStop(() => watch.stop());
  return watch;
}

/** Says so where it does not open all that is sealed; what is recorded through these pools is sealed from now on. */
async function openSecrets(
  pools: readonly [Db, ...Db[]],
  env: Env,
  folder?: string,
): Promise<SecretBox | undefined> {
  const [db] = pools;
  const secrets = await openSecretBox(db, env, folder);
  for (const pool of pools) poolOf(pool).seal = secrets?.sealRecord;
  if (env.provider && !secrets)
    throw new StartError(
      'OIDC_ISSUER needs a key for secrets, which seals what browsers keep meanwhile: set SECRETS_KEY or SECRETS_KEY_FILE.',
    );
  const { total, unopened } = await countUnopenedKeys(db, secrets);
  if (unopened > 0)
    warn(
      `The key for secrets does not open ${unopened} of ${total} API keys, so nobody can use these: ` +
        'delete them with npm run -s slipway -- keys forget.',
    );
  const clouds = await countUnopenedCredentials(db, secrets);
  if (clouds.unopened > 0)
    warn(
      `The key for secrets does not open ${clouds.unopened} of ${clouds.total} secrets of cloud credentials, so their clouds cannot be asked: ` +
        'put the key back, or give these secrets again.',
    );
  return secrets;
}

async function listenForMetrics(
  app: FastifyInstance,
  { host, port }: NonNullable<Env['metricsListen']>,
): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new StartError(
      `METRICS_LISTEN cannot be had: ${error instanceof Error ? error.message : String(error)}. Choose another address or port.`,
      { cause: error },
    );
  }
  lifecycle.onStop(() => app.close(), APP_PATIENCE_MS);
}

async function listen(app: FastifyInstance, env: Env): Promise<string> {
  try {
    await app.listen({ port: env.port, host: env.host });
  } catch (error) {
    throw listenError(error, env.host, env.port);
  }
  if (env.publicUrl !== undefined) return env.publicUrl;
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : env.port;
  return addressOf(env.host, port);
}

/**
 * Says where Slipway is, and how to sign in. A link that works is for whoever sits at the terminal: in a
 * log that others read it stands on the very first start alone, or when it is asked for.
 */
async function greet(
  db: Db,
  env: Env,
  address: string,
  first: FirstRun | undefined,
): Promise<void> {
  say(`Slipway runs at ${address}`);
  if (!isPrivate(env.host, address))
    warn(
      `Slipway listens on ${env.host} without TLS: sessions and sign-in links can be read on the way. ` +
        'Put a proxy with TLS before it and set PUBLIC_URL to its https:// address.',
    );
  const mayShow = first !== undefined || env.signInLink || process.stdout.isTTY;
  const email = await findChiefAdministrator(db);
  if (email === undefined) {
    if (!mayShow)
      return say(
        'To sign in as the first administrator: npm run -s slipway -- first-administrator',
      );
    const url =
      first?.firstToken === undefined
        ? (await createFirstLink(db, address)).url
        : firstLinkUrl(address, first.firstToken);
    return say(`Sign in as the first administrator, once and within 15 minutes: ${url}`);
  }
  if (!mayShow)
    return say(`To sign in as ${email}: npm run -s slipway -- sign-in-link --user ${email}`);
  const link = await createSignInLink(db, { email, baseUrl: address });
  say(`Sign in as ${email}, once and within 15 minutes: ${link.url}`);
}

/** Prints what went wrong and ends: with 2 when the person at the terminal can mend it, else with 1. */
async function fail(error: unknown): Promise<void> {
  if (lifecycle.isStopping) return;
  const damage = describeDamage(error);
  const mendable =
    error instanceof StartError || error instanceof NewerDatabaseError || damage !== undefined;
  const text =
    damage ?? (error instanceof Error ? (mendable ? error.message : error.stack) : String(error));
  process.stderr.write(`${text}\n`);
  await lifecycle.stop(mendable ? 2 : 1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function tellOutage(problem: string | undefined): void {
  warn(problem === undefined ? 'The database answers again.' : `Outage: ${problem}.`);
}

/** Says the same thing once, until there is something else to say: an outage repeats itself. */
function warn(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  // PostgreSQL may end connections while everything is being stopped.
  if (lifecycle.isStopping || text === lastWarning) return;
  lastWarning = text;
  process.stderr.write(`${text}\n`);
}
