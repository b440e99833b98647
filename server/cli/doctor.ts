import { checkInvariants, invariants } from '../database/invariants.ts';
import { findTamperedRevisions } from '../database/queries/records/operations-log.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';

const UNTAMPERED = {
  id: 'LOG',
  guarantee: 'every entry of the operations log carries the hash of its content',
};

/** Checks every invariant, and the hashes of the whole operations log; the answer names the rows that break one. */
export async function runDoctor({ db }: CommandContext): Promise<Answer> {
  const tampered = await findTamperedRevisions(db);
  const violations = [
    ...(await checkInvariants(db)),
    ...tampered.map((row) => ({ ...UNTAMPERED, row })),
  ];
  const broken = Map.groupBy(violations, ({ id, guarantee }) => `${id}: ${guarantee}`);
  const lines = [...broken].flatMap(([title, rows]) => [
    `BROKEN ${title}`,
    ...rows.map(({ row }) => `  ${JSON.stringify(row)}`),
  ]);
  const total = `${invariants.length + 1} invariants checked, ${broken.size} broken.`;
  return {
    text: [...lines, total].join('\n'),
    json: { checked: invariants.length + 1, violations },
    exitCode: violations.length === 0 ? 0 : 1,
  };
}
