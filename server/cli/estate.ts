import { largeShapes } from '../database/estate/large/shape.ts';
import { loadLargeEstate } from '../database/estate/large/load.ts';
import { loadEstate } from '../database/estate/load.ts';
import { StartError } from '../database/start-error.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';
import { showProgress } from './progress.ts';

const SIZES = ['s', 'l', 'xl'] as const;

/** Loads a demo estate into a database without accounts. */
export async function loadDemoEstate({ db }: CommandContext, size: string): Promise<Answer> {
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
      : await loadLargeEstate(db, { shape: largeShapes[known], now, onProgress: showProgress() });
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return {
    text: `Loaded the demo estate: ${rows.accounts} accounts, ${rows.images} images, ${rows.roles} roles, ${rows.farms} farms, ${rows.servers} servers (${total} rows in all).`,
    json: rows,
  };
}
