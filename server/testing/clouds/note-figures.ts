import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';

/** A row as `bench/results.ts` has it. */
interface Figure {
  name: string;
  p95: number;
  unit: string;
  bar: string;
  holds: boolean;
  note?: string;
}

/** How busy the machine was in the last minute. */
export const readLoad = (): number => loadavg()[0] ?? 0;

/**
 * Says what was measured, and keeps it for docs/performance.md where `npm run test:clouds` wants it.
 * @param name of the file that bench/clouds.ts looks for
 * @param load before it began
 */
export function noteFigures(name: string, load: number, rows: readonly Figure[]): void {
  for (const { name: what, p95, unit } of rows) process.stdout.write(`${what}: ${p95} ${unit}\n`);
  const folder = process.env.SLIPWAY_CLOUD_FIGURES;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ load, rows }));
}
