import type { ResultRow } from '../results.ts';
import { summarise } from '../statistics.ts';
import { countKeys } from './count-keys.ts';
import { countLoad } from './count-load.ts';
import { type Flow, flows, framesAtRest, framesWhileTyping, type Visit } from './flows.ts';
import { listFlows } from './list-flows.ts';
import { growthOfHeap } from './memory.ts';

const longTaskBarMs = 200;
const growthBarKb = 10;
/** 60, but for what a clock of whole milliseconds rounds away. */
const framesBar = 59;

interface Options {
  runs: number;
  /** Only rows with this in their name. */
  only: string | undefined;
}

/** Carries out every flow so many times, and tells how long it took, what it drew and what it kept. */
export async function measurePage(visit: Visit, { runs, only }: Options): Promise<ResultRow[]> {
  const isWanted = (name: string) => only === undefined || name.includes(only);
  const longTasks: number[] = [];
  const rows: ResultRow[] = [];
  // The picker comes last, and stays open.
  for (const flow of [...listFlows, ...flows].filter(({ name }) => isWanted(name))) {
    const row = await measureFlow(visit, flow, runs, longTasks);
    console.log(`${row.name}: ${row.median} ms, p95 ${row.p95} ms`);
    rows.push(row);
  }
  if (isWanted('Image picker')) rows.push(...(await measureFrames(visit, runs)));
  if (isWanted('Keys')) rows.push(...(await countKeys(visit)));
  if (isWanted('Fetched')) rows.push(...(await countLoad(visit)));
  longTasks.push(...(await takeLongTasks(visit)));
  if (only === undefined) rows.push(longestTask(longTasks), await measureHeap(visit));
  return rows;
}

function takeLongTasks({ tab }: Visit): Promise<number[]> {
  return tab.page.evaluate(() => window.probe?.takeLongTasks() ?? []);
}

async function measureFlow(
  visit: Visit,
  flow: Flow,
  runs: number,
  longTasks: number[],
): Promise<ResultRow> {
  const samples: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    samples.push(await flow.sample(visit, run));
    // Before the next sample may load the page anew.
    longTasks.push(...(await takeLongTasks(visit)));
  }
  const result = summarise(samples);
  return {
    name: flow.name,
    ...result,
    unit: 'ms',
    ...(flow.peer === undefined ? {} : { peer: flow.peer }),
    bar: `< ${flow.barMs.toLocaleString('en')} ms`,
    holds: result.p95 < flow.barMs,
    note: flow.note,
  };
}

/** The picker is open after its flow. The worst tells, so the 95th percentile is the slow end. */
async function measureFrames(visit: Visit, runs: number): Promise<ResultRow[]> {
  const gaps: number[] = [];
  const typed: number[] = [];
  const rested: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const frames = await framesWhileTyping(visit, run);
    typed.push(-frames.perSecond);
    gaps.push(frames.longestMs);
    rested.push(-(await framesAtRest(visit)).perSecond);
  }
  const slowest = (samples: number[]) => {
    const { median, p95 } = summarise(samples);
    return { median: -median, p95: -p95 };
  };
  const speed = slowest(typed);
  const floor = slowest(rested);
  return [
    {
      name: 'Frames while typing in the picker',
      ...speed,
      unit: 'a second',
      floor,
      bar: '60 a second',
      holds: speed.p95 >= Math.min(framesBar, floor.p95 - 1),
      note: 'or what the machine draws of the same picker while nobody types: the floor',
    },
    { name: 'Longest gap between two of them', ...summarise(gaps), unit: 'ms' },
  ];
}

function longestTask(longTasks: readonly number[]): ResultRow {
  const longest = Math.max(0, ...longTasks);
  return {
    name: 'Longest task of all these, at full speed',
    p95: longest,
    unit: 'ms',
    bar: `< ${longTaskBarMs} ms`,
    holds: longest < longTaskBarMs,
    note: `${longTasks.length} took more than 50 ms, loading the page included`,
  };
}

async function measureHeap(visit: Visit): Promise<ResultRow> {
  const { kbPerNavigation, mb } = await growthOfHeap(visit);
  return {
    name: 'Growth of the heap over 200 navigations',
    p95: kbPerNavigation,
    unit: 'kB a navigation',
    bar: `< ${growthBarKb} kB`,
    holds: kbPerNavigation < growthBarKb,
    note: `${mb.join(', ')} MB after each 20, with garbage collected`,
  };
}
