import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testSecretsKey } from '../test-key.ts';
import { withDatabase } from '../database.ts';
import { type EstateServer, startEstateServer } from './estate-server.ts';
import { type Block, readBlocks, withOutputs } from './guide.ts';
import { describeInShell } from './describe-in-shell.ts';
import { runBash } from './shell.ts';

// `npm run automation-guide` writes down what came back.

const file = fileURLToPath(new URL('../../../docs/automation.md', import.meta.url));
const address = 'localhost:4400';

describeInShell('the automation guide', () => {
  const database = withDatabase();
  let server: EstateServer;

  beforeAll(async () => {
    server = await startEstateServer(database);
  });
  afterAll(() => server.app.close());

  /** Runs the blocks in one shell. @returns what each printed, errors too */
  async function runBlocks(blocks: Block[]): Promise<string[]> {
    const { host } = new URL(server.url);
    const end = "printf '\\x1e'";
    const text = ['exec 2>&1', ...blocks.flatMap(({ shell }) => [shell, end])].join('\n');
    const { stdout } = await runBash(text.replaceAll(address, host), {
      DATABASE_URL: database.url,
      SECRETS_KEY: testSecretsKey.toString('base64'),
    });
    return stdout.replaceAll(host, address).split('\x1e').slice(0, -1);
  }

  it('prints what its commands print', { timeout: 600_000 }, async () => {
    const guide = await readFile(file, 'utf8');
    const blocks = readBlocks(guide);
    const outputs = await runBlocks(blocks);
    expect(outputs).toHaveLength(blocks.length);
    await expect(withOutputs(guide, outputs)).toMatchFileSnapshot(file);
  });
});
