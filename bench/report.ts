import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasons } from './reasons.ts';
import { type Machine, projectFolder, type ResultFile, type ResultRow } from './results.ts';

const resultsFolder = join(projectFolder, 'bench/results');
const documentFile = join(projectFolder, 'docs/performance.md');
/** The order of the sections; files that are not named come last. */
const order = ['server-l', 'server-xl', 'page-l'];

const preface = `# Performance

Written by \`npm run bench\`, \`npm run bench:page\`, \`npm run bench:jobs\`, \`npm run bench:burn-down\` and \`npm run test:clouds -- --record\` from the files in \`bench/results/\`; not edited by hand.

The estates are those of \`slipway estate load --size l\` (50,000 images, 5,000 roles, 2,000 farms, 60,000 servers) and \`--size xl\` (109,000 images, 1,000,000 servers). Calls are measured by a client in its own process, which sends one request at a time over a connection that stays open, as the page would; the clock stops at the last byte. All rows take turns, round after round, so that noise hits them all alike; three warm-up rounds do not count. A row that names a day and a commit was measured again later, by itself.

**The floor** is what cannot be avoided: the SQL statements of that same request, replayed in one transaction through \`pg\`, plus a request to an empty Fastify route, both in the same round as the call. What is above it is Slipway's own work: reading the request, checking rights, shaping and compressing the answer. A call **holds** when its 95th percentile is below the bar, and also below either three times the 95th percentile of its floor or that percentile plus 10 ms, whichever is larger.
`;

/** Writes docs/performance.md from all result files. */
export function renderDocument(): void {
  const rank = (name: string) => (order.indexOf(name) + 1 || order.length + 1).toString() + name;
  const names = existsSync(resultsFolder)
    ? readdirSync(resultsFolder)
        .filter((file) => file.endsWith('.json'))
        .map((file) => file.replace(/\.json$/, ''))
        .sort((a, b) => rank(a).localeCompare(rank(b)))
    : [];
  const sections = names.map((name) =>
    renderSection(
      JSON.parse(readFileSync(join(resultsFolder, `${name}.json`), 'utf8')) as ResultFile,
    ),
  );
  writeFileSync(documentFile, [preface, ...sections].join('\n'));
  const formatter = join(projectFolder, 'node_modules/oxfmt/bin/oxfmt');
  execFileSync(process.execPath, [formatter, documentFile, resultsFolder], { cwd: projectFolder });
}

function renderSection({ title, about, machine, rows }: ResultFile): string {
  const judged = rows.filter((row) => row.holds !== undefined);
  const failed = judged.filter((row) => !row.holds);
  const verdict =
    failed.length === 0
      ? `All ${judged.length} bars hold.`
      : `${judged.length - failed.length} of ${judged.length} bars hold. These do not: ${failed.map((row) => [row.group, row.name].filter(Boolean).join(', ')).join('; ')}.`;
  const groups = Map.groupBy(rows, (row) => row.group ?? '');
  const tables = [...groups].map(([group, own]) =>
    [...(group === '' ? [] : [`### ${group}`, '']), ...renderTable(own), ''].join('\n'),
  );
  return [
    `## ${title}`,
    '',
    ...(about ? [about, ''] : []),
    renderMachine(machine),
    '',
    verdict,
    '',
    ...failed.flatMap(({ name }) =>
      reasons[name] === undefined ? [] : [`**${name}:** ${reasons[name]}`, ''],
    ),
    ...tables,
  ].join('\n');
}

function renderMachine(machine: Machine): string {
  const { cpu, cores, memoryGb, node, postgres, date, commit, load, more = {} } = machine;
  return [
    `Taken on ${cpu}, ${cores} cores, ${memoryGb} GB`,
    `Node ${node}`,
    ...(postgres ? [`PostgreSQL ${postgres}`] : []),
    ...Object.entries(more).map(([name, value]) => `${name} ${value}`),
    `${date.slice(0, 16).replace('T', ' ')} UTC`,
    `commit ${commit}`,
    `load average at the start ${load}.`,
  ].join(', ');
}

/** Prints all rows as one table for a terminal. */
export function printTable(rows: readonly ResultRow[]): void {
  console.table(
    rows.map((row) => ({
      what: [row.group, row.name].filter(Boolean).join(', '),
      median: row.median ?? '',
      p95: formatNumber(row.p95),
      'floor p95': row.floor?.p95 ?? '',
      unit: row.unit,
      bar: row.bar ?? '',
      holds: row.holds ?? '',
    })),
  );
}

/** One table; columns that no row fills are left out. */
function renderTable(rows: readonly ResultRow[]): string[] {
  const value = (number: number | undefined, unit: string) =>
    number === undefined ? '' : `${formatNumber(number)} ${unit}`;
  const columns: [heading: string, right: boolean, cell: (row: ResultRow) => string][] = [
    ['what', false, (row) => row.name],
    ['median', true, (row) => value(row.median, row.unit)],
    ['p95', true, (row) => value(row.p95, row.unit)],
    ['floor, median', true, (row) => value(row.floor?.median, row.unit)],
    ['floor, p95', true, (row) => value(row.floor?.p95, row.unit)],
    ['peer, on its day', false, (row) => row.peer ?? ''],
    ['bar', false, (row) => row.bar ?? ''],
    [
      '',
      false,
      (row) => (row.holds === undefined ? '' : row.holds ? 'holds' : '**does not hold**'),
    ],
    ['note', false, (row) => row.note ?? ''],
  ];
  const used = columns.filter(([, , cell]) => rows.some((row) => cell(row) !== ''));
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  // Rows without a median have one number: its heading says so.
  const single = rows.every((row) => row.median === undefined);
  return [
    line(used.map(([heading]) => (single && heading === 'p95' ? 'measured' : heading))),
    line(used.map(([, right]) => (right ? '---:' : '---'))),
    ...rows.map((row) => line(used.map(([, , cell]) => cell(row)))),
  ];
}

function formatNumber(number: number): string {
  const digits = number >= 100 ? 0 : number >= 10 ? 1 : 2;
  return number.toLocaleString('en-US', { maximumFractionDigits: digits });
}
