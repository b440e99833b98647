import { describeDamage } from '../database/connection/damage.ts';
import { checkInvariants, invariants } from '../database/invariants.ts';
import { findTamperedRevisions } from '../database/queries/records/operations-log.ts';
import { findWrongRights } from '../database/rights.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';

const UNTAMPERED = {
  id: 'LOG',
  guarantee: 'every entry of the operations log carries the hash of its content',
};
const RIGHTFUL = {
  id: 'RIGHTS',
  guarantee: 'the role of the application owns nothing, and has the rights that it needs',
};

/**
 * Checks every invariant, the hashes of the whole operations log, and the rights of the application; the
 * answer names the rows that break one.
 */
export async function runDoctor(context: CommandContext): Promise<Answer> {
  try {
    return await examine(context);
  } catch (error) {
    const damage = describeDamage(error);
    if (damage === undefined) throw error;
    const violations = [{ id: 'DAMAGED', guarantee: 'everything can be read', row: { damage } }];
    return { text: damage, json: { checked: 0, violations }, exitCode: 1 };
  }
}

async function examine({ db, appRole, isOwner }: CommandContext): Promise<Answer> {
  const tampered = await findTamperedRevisions(db);
  // Where one role does everything, there is nothing to keep apart.
  const wrong = isOwner ? [] : await findWrongRights(db, appRole);
  const violations = [
    ...(await checkInvariants(db)),
    ...tampered.map((row) => ({ ...UNTAMPERED, row })),
    ...wrong.map((row) => ({ ...RIGHTFUL, row })),
  ];
  const broken = Map.groupBy(violations, ({ id, guarantee }) => `${id}: ${guarantee}`);
  const lines = [...broken].flatMap(([title, rows]) => [
    `BROKEN ${title}`,
    ...rows.map(({ row }) => `  ${JSON.stringify(row)}`),
  ]);
  const checked = invariants.length + 2;
  const total = `${checked} invariants checked, ${broken.size} broken.`;
  return {
    text: [...lines, total].join('\n'),
    json: { checked, violations },
    exitCode: violations.length === 0 ? 0 : 1,
  };
}
