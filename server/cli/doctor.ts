import { countUnopenedCredentials, countUnopenedKeys } from '../auth/secrets-key.ts';
import { describeDamage } from '../database/connection/damage.ts';
import { checkInvariants, invariants, type Violation } from '../database/invariants.ts';
import { checkRecords, recordChecks } from '../database/records/check-records.ts';
import { findRolePowers, findWrongRights } from '../database/rights.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';

const secretsOpen = {
  id: 'SECRETS',
  guarantee: 'the key for secrets opens every secret that is kept',
};
const isRightful = {
  id: 'RIGHTS',
  guarantee: 'the role of the application owns nothing, and has the rights that it needs',
};

/**
 * Checks every invariant, all records, the secrets, and the rights of the application; the answer names the rows that
 * break one.
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

async function examine(context: CommandContext): Promise<Answer> {
  const { db } = context;
  const box = await context.readSecrets();
  // What was noted is read before the database, which may move on meanwhile.
  const noted = await context.readNotedHeads(box);
  const violations = [
    ...(await checkInvariants(db)),
    ...(await checkRecords(db, { seal: box?.sealRecord, noted })),
    ...(await checkSecrets(context, box)),
    ...(await checkRights(context)),
  ];
  const broken = Map.groupBy(violations, ({ id, guarantee }) => `${id}: ${guarantee}`);
  const lines = [...broken].flatMap(([title, rows]) => [
    `BROKEN ${title}`,
    ...rows.map(({ row }) => `  ${JSON.stringify(row)}`),
  ]);
  const checked = invariants.length + Object.keys(recordChecks).length + 2;
  const total = `${checked} invariants checked, ${broken.size} broken.`;
  return {
    text: [...lines, total].join('\n'),
    json: { checked, violations },
    exitCode: violations.length === 0 ? 0 : 1,
  };
}

/** Without a key nothing can be opened, which is no fault of what is kept. */
async function checkSecrets(
  { db }: CommandContext,
  box: Awaited<ReturnType<CommandContext['readSecrets']>>,
): Promise<Violation[]> {
  if (!box) return [];
  const [keys, credentials] = [
    await countUnopenedKeys(db, box),
    await countUnopenedCredentials(db, box),
  ];
  const rows = [
    { of: 'API keys', ...keys },
    { of: 'cloud credentials', ...credentials },
  ];
  return rows.filter(({ unopened }) => unopened > 0).map((row) => ({ ...secretsOpen, row }));
}

/** Where one role does everything, there is nothing to keep apart. */
async function checkRights({ db, appRole, isOwner }: CommandContext): Promise<Violation[]> {
  if (isOwner) return [];
  const wrong = await findWrongRights(db, appRole);
  const powers = await findRolePowers(db, appRole);
  return [...wrong, ...powers.map((problem) => ({ problem }))].map((row) => ({
    ...isRightful,
    row: { ...row },
  }));
}
