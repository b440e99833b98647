import { sql } from 'kysely';
import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { captureStatements, type Statement } from '../../../testing/statements.ts';
import { buildTestApp, openBrowser } from '../../../testing/app.ts';
import { withDatabase } from '../../../testing/database.ts';
import { candidateRequests, levelPath, listRequests } from '../../../testing/list-requests.ts';
import { openDatabase } from '../../connection/connection.ts';
import { findLandmarks, type Landmarks } from '../../estate/large/landmarks.ts';
import { loadLargeEstate } from '../../estate/large/load.ts';
import { largeShapes } from '../../estate/large/shape.ts';

// Estate `l`; with the full counts `xl`, which has a million servers.
const shape = process.env.SLIPWAY_TEST_FULL === '1' ? largeShapes.xl : largeShapes.l;
const manyRows = 10_000;
const database = withDatabase();
let landmarks: Landmarks;

beforeAll(async () => {
  // As the command line has it: a statement may take longer than one of a request.
  const db = openDatabase(database.url, { limited: false });
  await loadLargeEstate(db, { shape, now: new Date() });
  await db.destroy();
  landmarks = await findLandmarks(database.db);
}, 600_000);

const scopes: [name: string, at: (found: Landmarks) => ScopeRef][] = [
  ['Corporate', () => ({ scope: 'scalr' })],
  ['the big account', (found) => found.bigAccount],
  ['a typical account', (found) => found.typicalAccount],
  ['an environment of the big account', (found) => found.bigEnvironment],
];

describe('no list or report reads a large table from end to end', () => {
  test.each(scopes)('from %s', async (_name, at) => {
    expect(await findLongScans(at(landmarks))).toEqual([]);
  });

  test('and this is noticed where an index is missing', async () => {
    const wanted = (found: string) => found.includes('images');
    await sql`DROP INDEX images_by_added`.execute(database.db);
    await sql`DROP INDEX images_by_account`.execute(database.db);
    await sql`DROP INDEX images_by_name, images_by_location`.execute(database.db);
    const found = await findLongScans(landmarks.bigAccount);
    expect(found.filter(wanted)).not.toEqual([]);
  });
});

/** What the requests of a scope send is explained, with its own values. */
async function findLongScans(at: ScopeRef): Promise<string[]> {
  const app = buildTestApp(database.db);
  const browser = await openBrowser(app, database.db, landmarks.users.corporateAdmin);
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    const long = await findLargeTables(client);
    const found: string[] = [];
    // The picker's image belongs to the big account.
    const candidates = isInBigAccount(at) ? candidateRequests(landmarks) : [];
    for (const { group, name, path } of [...listRequests(landmarks), ...candidates]) {
      const statements = await captureStatements(
        async () => expect((await browser.send('GET', levelPath(at) + path)).statusCode).toBe(200),
        { keep: true },
      );
      for (const statement of statements)
        for (const table of await findScans(client, statement))
          if (long.has(table)) found.push(`${group}, ${name}: ${table}`);
    }
    return found;
  } finally {
    await client.end();
    await app.close();
  }
}

function isInBigAccount(at: ScopeRef): boolean {
  return at.scope !== 'scalr' && at.accountId === landmarks.bigAccount.accountId;
}

async function findLargeTables(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ relname: string }>(
    'SELECT relname FROM pg_class WHERE reltuples > $1',
    [manyRows],
  );
  return new Set(rows.map(({ relname }) => relname));
}

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Plan Rows': number;
  Filter?: string;
  Plans?: Node[];
}

async function findScans(client: pg.Client, { text, values }: Statement): Promise<string[]> {
  if (!/^\s*(select|with)\b/i.test(text)) return [];
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Node }[] }>(
    `EXPLAIN (FORMAT JSON) ${text}`,
    values,
  );
  return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => scansOf(Plan, false)));
}

/** @param stops whether a LIMIT above ends a scan after few rows, as a capped count does */
function scansOf(node: Node, stops: boolean): string[] {
  const type = node['Node Type'];
  if (type === 'Seq Scan')
    return stops && node.Filter === undefined ? [] : [node['Relation Name'] ?? ''];
  const passesOn = ['Append', 'Subquery Scan', 'Result'].includes(type);
  const within = (type === 'Limit' && node['Plan Rows'] < manyRows) || (stops && passesOn);
  return (node.Plans ?? []).flatMap((child) => scansOf(child, within));
}
