import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const command = fileURLToPath(new URL('../scripts/slipway.mjs', import.meta.url));
const run = promisify(execFile);

/**
 * Runs an administrator's command on the data of a server.
 * @returns what it printed
 * @throws Error with what it printed, if it ended badly: `execFile` alone says no more than its errors
 */
export async function runOn(data: string, words: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, [command, ...words, '--data', data]);
    return stdout;
  } catch (error) {
    const { stdout = '', message } = error as Error & { stdout?: string };
    throw new Error(`${message}\n${stdout}`, { cause: error });
  }
}

/** Runs an administrator's command on the data of the server under test. @returns what it printed */
export function runSlipway(...words: string[]): Promise<string> {
  return runOn(testedData(), words);
}

const testedData = () => process.env.SLIPWAY_E2E_DATA ?? '';

/**
 * A one-time sign-in link of the server under test, from the same command that people use.
 * @param email somebody in the demo estate
 * @param data the folder of another server than the one under test
 * @returns the path to open: `/sign-in#token=...`
 */
export async function signInPath(email: string, data = testedData()): Promise<string> {
  const stdout = await runOn(data, ['sign-in-link', '--user', email]);
  const token = /\/sign-in#token=\S+/.exec(stdout)?.[0];
  if (token === undefined) throw new Error(`No sign-in link for ${email} in: ${stdout}`);
  return token;
}
