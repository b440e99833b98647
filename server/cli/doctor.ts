import { checkInvariants } from '../database/invariants.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';

const SHOWN_ROWS = 20;

/** Checks every invariant; the answer names the rows that break one. */
export async function runDoctor({ db }: CommandContext): Promise<Answer> {
  const results = await checkInvariants(db);
  const broken = results.filter(({ rows }) => rows.length > 0);
  const lines = broken.flatMap(({ name, rows }) => [
    `BROKEN ${name}: ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`,
    ...rows.slice(0, SHOWN_ROWS).map((row) => `  ${JSON.stringify(row)}`),
    ...(rows.length > SHOWN_ROWS ? [`  and ${rows.length - SHOWN_ROWS} more`] : []),
  ]);
  const total = `${results.length} invariants checked, ${broken.length} broken.`;
  return {
    text: [...lines, total].join('\n'),
    json: { checked: results.map(({ name }) => name), broken },
    exitCode: broken.length === 0 ? 0 : 1,
  };
}
