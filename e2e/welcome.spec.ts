import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { checkAccessibility, expect, holdRequests, test } from './fixtures.ts';

const start = fileURLToPath(new URL('../scripts/start.mjs', import.meta.url));

interface EmptyServer {
  /** The link that it prints when it starts. */
  link: string;
  stop: () => Promise<void>;
}

/** Resolves with the sign-in link, or rejects with what the server said before it ended. */
function linkOf(server: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const link = /http\S+#token=\S+(?=\s)/.exec(output)?.[0];
      if (link !== undefined) resolve(link);
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('exit', () => reject(new Error(output)));
  });
}

/** A Slipway without the demo estate, as somebody has it who starts for real. */
async function startEmpty(): Promise<EmptyServer> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-e2e-empty-'));
  const flags = ['--empty', '--data', folder, '--port', '0'];
  const { DATABASE_URL: _, ...env } = process.env;
  const server = spawn(process.execPath, [start, ...flags], { env });
  const stop = async () => {
    if (server.exitCode === null) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { link: await linkOf(server), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

// Chromium reports the answer 401 of the first visit.
test.use({ user: null, expectedErrors: [/status of 401/] });

test('an empty Slipway leads to the first image in three steps, by keyboard', async ({ page }) => {
  const server = await startEmpty();
  try {
    await page.goto(server.link);
    await expect(
      page.getByRole('heading', { name: 'Create the first administrator' }),
    ).toBeVisible();
    // The token is taken out of the address at once.
    await expect(page).toHaveURL(/\/sign-in$/);
    await checkAccessibility(page);
    await page.getByRole('textbox', { name: 'Name' }).fill('Ann Miller');
    await page.getByRole('textbox', { name: 'E-mail address' }).fill('ann@example.com');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Welcome to Slipway' })).toBeVisible();
    await checkAccessibility(page);
    await expect(page.getByRole('textbox', { name: 'Name of the account' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByText('Type a name first.')).toBeVisible();
    await page.keyboard.type('Acme');
    await page.keyboard.press('Enter');

    await expect(page.getByText('Acme is there.')).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Name of the environment' })).toBeFocused();
    // Whether it is possible is not known yet: Enter counts all the same.
    const letGo = await holdRequests(page, '**/api/v1beta0/account/*/scope/*');
    await page.reload();
    const environment = page.getByRole('textbox', { name: 'Name of the environment' });
    await environment.fill('Production');
    await environment.press('Enter');

    await expect(page.getByText('Production is there, in Acme.')).toBeVisible();
    letGo();
    await expect(page.getByRole('link', { name: 'Register the first image' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/environments\/\d+\/images\/new$/);
    await expect(page.getByRole('button', { name: /Production \(Acme\)/ })).toBeVisible();
    // What the page loads ahead, it would miss on a server that is gone.
    await page.goto('about:blank');
  } finally {
    await server.stop();
  }
});
