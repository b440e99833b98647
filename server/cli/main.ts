import { Command, CommanderError } from 'commander';
import { ApiError } from '#contract/errors.ts';
import { createFirstLink, createSignInLink } from '../auth/sign-in-links.ts';
import { describeDamage } from '../database/connection/damage.ts';
import { EstateNotEmptyError } from '../database/estate/empty-database.ts';
import { NewerDatabaseError } from '../database/migrate.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { type Env, parseEnv } from '../env.ts';
import { addBackupCommands } from './backup-commands.ts';
import { addCloudCommands } from './cloud-commands.ts';
import { createAccount, createEnvironment } from './create.ts';
import { type CommandContext, withCommandDatabase } from './database.ts';
import { runDoctor } from './doctor.ts';
import { loadDemoEstate } from './estate.ts';
import { createKey, forgetKeys, type KeyWish } from './keys.ts';
import { addOperationCommands } from './operations.ts';
import { type Answer, print } from './output.ts';
import { addPeopleCommands } from './people-commands.ts';
import { addPolicyCommands } from './policies.ts';
import { addRecordCommands } from './records.ts';
import { addRolloutCommands } from './rollouts.ts';
import { SCOPE_FORMS } from './scope.ts';

interface GlobalOptions {
  data?: string;
  databaseUrl?: string;
  json?: boolean;
}

const program = new Command('slipway')
  .description('The admin commands of Slipway. They also work while the server runs.')
  .usage('COMMAND [options]   (npm run -s slipway -- COMMAND [options])')
  .option('--data <dir>', 'data folder of the embedded database (DATA, default ./data)')
  .option('--database-url <url>', 'a PostgreSQL of your own instead (DATABASE_URL)')
  .option('--json', 'print the answer as JSON')
  .showHelpAfterError('Add --help to see what the command accepts.')
  .exitOverride();

program
  .command('sign-in-link')
  .description('make a link that signs somebody in once, within 15 minutes')
  .requiredOption('--user <email>', 'whom it signs in')
  .action(async ({ user }: { user: string }) => {
    await run((context) => printLink(context, user));
  });

program
  .command('first-administrator')
  .description('make a link to the page that creates the first administrator, while there is none')
  .action(async () => {
    await run(async ({ db, baseUrl }) => {
      const link = await createFirstLink(db, baseUrl);
      return { text: link.url, json: link };
    });
  });

program
  .command('accounts')
  .command('create')
  .description('create an account')
  .requiredOption('--name <name>')
  .action(async ({ name }: { name: string }) => {
    await run((context) => createAccount(context, name));
  });

program
  .command('environments')
  .command('create')
  .description('create an environment')
  .requiredOption('--name <name>')
  .requiredOption('--account <account>', 'name or id of its account')
  .action(async ({ account, name }: { account: string; name: string }) => {
    await run((context) => createEnvironment(context, account, name));
  });

const keys = program.command('keys');
keys
  .command('create')
  .description('make an API key that lets programs act as a user; its secret is shown once')
  .requiredOption('--user <email>', 'whose key it is')
  .option('--name <name>', 'what it is for', 'command line')
  .option('--read-only', 'it may change nothing')
  .option('--expires <time>', 'it signs nothing from then on, such as 2027-01-31T00:00:00Z')
  .option('--scope <scope>', `it reaches nothing else: ${SCOPE_FORMS}`)
  .action(async ({ user, ...wish }: { user: string } & KeyWish) => {
    await run((context) => createKey(context, user, wish));
  });
keys
  .command('forget')
  .description('delete the API keys that nobody can use, since the key for secrets is lost')
  .action(async () => {
    await run(forgetKeys);
  });

program
  .command('estate')
  .command('load')
  .description('load the demo estate into an empty database')
  .requiredOption(
    '--size <size>',
    's: 250 images, 900 servers; l: 50,000 and 60,000; xl: 109,000 and 1,000,000',
  )
  .action(async ({ size }: { size: string }) => {
    await run((context) => loadDemoEstate(context, size), { mayCreate: true });
  });

addCloudCommands(program, run);
addRolloutCommands(program, run);
addPolicyCommands(program, run);
addOperationCommands(program, run);
addPeopleCommands(program, run);
addRecordCommands(program, run);

program
  .command('doctor')
  .description('check every invariant; list the rows that break one, and exit with 1')
  .action(async () => {
    await run(runDoctor);
  });

addBackupCommands(program, { run, answer: answerWithout, readEnv });

try {
  await program.parseAsync();
} catch (error) {
  fail(error);
}
// The launcher keeps a channel open to tell us when it is gone; we are done first.
if (process.connected) process.disconnect();

async function run(
  work: (context: CommandContext) => Promise<Answer>,
  { mayCreate = false } = {},
): Promise<void> {
  const env = readEnv();
  print(await withCommandDatabase(env, mayCreate, work), isJson());
}

async function answerWithout(work: (env: Env) => Promise<Answer>): Promise<void> {
  print(await work(readEnv()), isJson());
}

function readEnv(): Env {
  const { data, databaseUrl } = program.opts<GlobalOptions>();
  const env = parseEnv([], {
    ...process.env,
    ...(data !== undefined && { DATA: data }),
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  });
  if (env === 'help') throw new Error('Help was asked for without a flag.');
  return env;
}

function isJson(): boolean {
  return program.opts<GlobalOptions>().json ?? false;
}

async function printLink({ db, baseUrl }: CommandContext, email: string): Promise<Answer> {
  const link = await createSignInLink(db, { email, baseUrl });
  return { text: link.url, json: link };
}

/** 1 for what was refused, 2 for what cannot be asked like this. */
function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  const damage = describeDamage(error);
  const refused = error instanceof ApiError || error instanceof EstateNotEmptyError;
  const unusable = error instanceof StartError || error instanceof NewerDatabaseError;
  if (!refused && !unusable && damage === undefined) throw error;
  console.error(damage ?? (error as Error).message);
  process.exitCode = refused ? 1 : 2;
}
