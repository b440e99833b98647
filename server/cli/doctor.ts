import { checkInvariants, invariants } from '../database/invariants.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';

/** Checks every invariant; the answer names the rows that break one. */
export async function runDoctor({ db }: CommandContext): Promise<Answer> {
  const violations = await checkInvariants(db);
  const broken = Map.groupBy(violations, ({ id, guarantee }) => `${id}: ${guarantee}`);
  const lines = [...broken].flatMap(([title, rows]) => [
    `BROKEN ${title}`,
    ...rows.map(({ row }) => `  ${JSON.stringify(row)}`),
  ]);
  const total = `${invariants.length} invariants checked, ${broken.size} broken.`;
  return {
    text: [...lines, total].join('\n'),
    json: { checked: invariants.length, violations },
    exitCode: violations.length === 0 ? 0 : 1,
  };
}
