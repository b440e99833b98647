import type { Db } from '../database/connection/connection.ts';
import { type EstateShape, largeShapes } from '../database/estate/large/shape.ts';
import { type LargeSummary, loadLargeEstate } from '../database/estate/large/load.ts';
import { loadEstate } from '../database/estate/load.ts';
import { StartError } from '../database/embedded/start-error.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';
import { showProgress } from './progress.ts';
import { signForLoaded } from './records.ts';

const SIZES = ['s', 'l', 'xl'] as const;

/** Loads a demo estate into a database without accounts. */
export async function loadDemoEstate(context: CommandContext, size: string): Promise<Answer> {
  const { db } = context;
  const known = SIZES.find((one) => one === size);
  if (known === undefined) {
    throw new StartError(
      `There is no estate of size "${size}". The sizes are ${SIZES.join(', ')}.`,
    );
  }
  console.error('Loading the demo estate ...');
  const now = new Date();
  const rows: Record<string, number> =
    known === 's'
      ? await loadEstate(db, { size: known, now })
      : await loadTellingOfEnds(db, largeShapes[known], now);
  await signForLoaded(context);
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return {
    text: `Loaded the demo estate: ${rows.accounts} accounts, ${rows.images} images, ${rows.roles} roles, ${rows.farms} farms, ${rows.servers} servers (${total} rows in all).`,
    json: rows,
  };
}

/** Ctrl-C says what it leaves behind. The load is one transaction, so that this is known. */
async function loadTellingOfEnds(db: Db, shape: EstateShape, now: Date): Promise<LargeSummary> {
  const show = showProgress();
  let loaded = false;
  const stop = (): void => {
    console.error(
      loaded
        ? '\nInterrupted while gathering statistics: the estate is loaded, and PostgreSQL gathers them by itself.'
        : '\nInterrupted: nothing was loaded, and the database is as empty as before. Run the command again.',
    );
    process.exit(130);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, stop);
  try {
    const onProgress = (step: string, done: number): void => {
      loaded = step === 'statistics' || step === 'done';
      show(step, done);
    };
    return await loadLargeEstate(db, { shape, now, onProgress });
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
