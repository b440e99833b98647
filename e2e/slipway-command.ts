import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const command = fileURLToPath(new URL('../scripts/slipway.mjs', import.meta.url));
const run = promisify(execFile);

/** Runs an administrator's command on the data of the server under test. @returns what it printed */
export async function runSlipway(...words: string[]): Promise<string> {
  const data = process.env.SLIPWAY_E2E_DATA ?? '';
  const { stdout } = await run(process.execPath, [command, ...words, '--data', data]);
  return stdout;
}

/**
 * A one-time sign-in link of the server under test, from the same command that people use.
 * @param email somebody in the demo estate
 * @returns the path to open: `/sign-in#token=...`
 */
export async function signInPath(email: string): Promise<string> {
  const stdout = await runSlipway('sign-in-link', '--user', email);
  const token = /\/sign-in#token=\S+/.exec(stdout)?.[0];
  if (token === undefined) throw new Error(`No sign-in link for ${email} in: ${stdout}`);
  return token;
}
