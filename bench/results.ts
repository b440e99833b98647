import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('..', import.meta.url));

/** What a run was made on. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  node: string;
  postgres?: string;
  /** ISO 8601. */
  date: string;
  /** The commit that was measured; `+` after it when files differed from it. */
  commit: string;
  /** Load average of the minute before the start: above half of the cores, numbers are noisy. */
  load: number;
  /** Whatever else a run needs said, such as the version of the browser. */
  more?: Record<string, string>;
}

/** One measured thing. Times are in `unit`; a row without a median is a single number in `p95`. */
export interface ResultRow {
  /** Heading of its table; rows with the same one stand together. */
  group?: string;
  name: string;
  median?: number;
  p95: number;
  unit: string;
  floor?: { median: number; p95: number };
  /** What the peer took, as it was written down on the day it was measured. */
  peer?: string;
  /** The bar in words, such as `< 150 ms`. */
  bar?: string;
  holds?: boolean;
  note?: string;
}

/** One result file: the rows of one bench at one size. */
export interface ResultFile {
  title: string;
  /** Sentences under the title. */
  about?: string;
  machine: Machine;
  rows: ResultRow[];
}

/** What this run is made on, without the database. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    date: new Date().toISOString(),
    commit: describeCommit(),
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

function describeCommit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: projectFolder, encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--', ':!docs', ':!bench/results') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return 'unknown';
  }
}

const fileOf = (name: string) => fileURLToPath(new URL(`results/${name}.json`, import.meta.url));

/** Writes bench/results/NAME.json; `npm run bench -- --render` and every bench make the document of all. */
export function writeResults(name: string, results: ResultFile): void {
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  writeFileSync(fileOf(name), `${JSON.stringify(results, null, 2)}\n`);
}

/** Puts rows in the place of those that the last whole run had, or below them; each says when it was measured. */
export function takeOverRows(name: string, machine: Machine, rows: readonly ResultRow[]): void {
  const results = JSON.parse(readFileSync(fileOf(name), 'utf8')) as ResultFile;
  const { date, commit, load } = machine;
  const when = `${date.slice(0, 16).replace('T', ' ')} UTC, commit ${commit}, load ${load}`;
  const isSame = (one: ResultRow, other: ResultRow) =>
    one.group === other.group && one.name === other.name;
  const isNew = (row: ResultRow) => !results.rows.some((known) => isSame(known, row));
  const renewed = rows.map((row) => ({
    ...row,
    note: [row.note, when].filter(Boolean).join('; '),
  }));
  const kept = results.rows.map((row) => renewed.find((one) => isSame(one, row)) ?? row);
  writeResults(name, { ...results, rows: [...kept, ...renewed.filter(isNew)] });
}
