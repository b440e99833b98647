import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

// The configuration is read by the runner and by each worker: the environment carries its choices.
const dataFolder = (process.env.SLIPWAY_E2E_DATA ??= join(tmpdir(), `slipway-e2e-${process.pid}`));
/** Runs one after the other (npm run test:clouds) leave what each has to tell. */
const run = process.env.SLIPWAY_E2E_RUN ?? 'browser';
const chromium =
  process.env.CHROMIUM_PATH ??
  ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync);

export default defineConfig({
  testDir: 'e2e',
  outputDir: `test-results/${run}`,
  workers: 2,
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list'], ['json', { outputFile: `test-results/${run}.json` }]],
  // Against hanging: on a busy machine looking for what is not accessible takes long.
  timeout: 180_000,
  expect: { timeout: 10_000 },
  use: {
    // Known once the server runs; before, only the runner has read this, which opens no page.
    baseURL: process.env.SLIPWAY_E2E_ADDRESS ?? '',
    browserName: 'chromium',
    screenshot: 'only-on-failure',
    // Recording costs a tenth of the time: `--trace on` where a failure is looked into.
    trace: 'off',
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      // Chromium's sandbox refuses to run as root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
  projects: [
    { name: 'pages', testIgnore: ['story.spec.ts', 'e2e/clouds/**'] },
    // It changes the estate that the others look at.
    { name: 'story', testMatch: 'story.spec.ts', dependencies: ['pages'] },
    // On a cloud that is really there: npm run test:clouds starts one and says where it is.
    ...(process.env.SLIPWAY_MOTO_URL === undefined
      ? []
      : [{ name: 'ec2', testMatch: 'clouds/ec2.spec.ts' }]),
    ...(process.env.SLIPWAY_LXD_SOCKET === undefined
      ? []
      : [{ name: 'lxd', testMatch: 'clouds/lxd.spec.ts' }]),
  ],
  webServer: {
    command: `node scripts/browser-server.mjs "${dataFolder}" ${process.env.SLIPWAY_E2E_PORT ?? 0}`,
    wait: { stdout: /Slipway runs at (?<slipway_e2e_address>http:\S+)\s/ },
    timeout: 180_000,
    stdout: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
  },
});
