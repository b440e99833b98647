import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
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

/** Writes bench/results/NAME.json; `npm run bench -- --render` and every bench make the document of all. */
export function writeResults(name: string, results: ResultFile): void {
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  const file = fileURLToPath(new URL(`results/${name}.json`, import.meta.url));
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
