import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { createSignInLink } from '#server/auth/sign-in-links.ts';
import { type Db, openDatabase } from '#server/database/connection/connection.ts';
import { findLandmarks } from '#server/database/estate/large/landmarks.ts';
import { printTable, renderDocument } from '../report.ts';
import { describeMachine, writeResults } from '../results.ts';
import { startBenchServer } from '../server.ts';
import { measurePage } from './measure.ts';
import { openTab, type Visitor } from './tab.ts';

const about =
  'A headless Chromium, on the environment that sees the most images. A measurement runs from the key or click event to the frame in which its effect is painted; the rows to look for are known from the API beforehand. It behaves like a person: it points at a thing for 0.1 s before pressing it, types at 100 words a minute, and looks at a page for 0.4 s before turning it. The peer is the console of Oxide, measured in turns with an earlier version of this page on one day of November 2026; its figures are written down, not measured anew.';

// npm run bench:page: measures the page in a browser of its own on a server of its own.
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: 'l' },
    only: { type: 'string' },
    runs: { type: 'string', default: '30' },
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
  },
});

/** Opens a browser in which the administrator of Corporate is signed in. */
async function signIn(db: Db, address: string, email: string): Promise<Visitor> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? ['/usr/bin/chromium'].find(existsSync);
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    // Chromium's sandbox refuses to run as root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const { url } = await createSignInLink(db, { email, baseUrl: address });
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForURL((at) => at.pathname !== '/sign-in');
  const session = await page.context().storageState();
  await page.context().close();
  return { browser, address, session };
}

const machine = describeMachine();
const server = await startBenchServer(values.size, Number(values.port), values.data);
const db = openDatabase(server.databaseUrl, { maxConnections: 2 });
const { bigEnvironment: at, pickerImage, users } = await findLandmarks(db);
const visitor = await signIn(db, server.address, users.corporateAdmin);
try {
  const visit = { visitor, tab: await openTab(visitor), at, pickerImage };
  const rows = await measurePage(visit, { runs: Number(values.runs), only: values.only });
  printTable(rows);
  if (values.only === undefined) {
    const more = { Chromium: visitor.browser.version() };
    const title = `The page, estate \`${values.size}\``;
    writeResults(`page-${values.size}`, { title, about, machine: { ...machine, more }, rows });
    renderDocument();
  }
} finally {
  await visitor.browser.close();
  await db.destroy();
  await server.stop();
}
// The launcher keeps a channel open to tell us when it is gone; we are done first.
process.exit(0);
