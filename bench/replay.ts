import type pg from 'pg';
import type { Statement } from '#server/testing/statements.ts';

/** Sends statements one after the other in one transaction. @returns how long that took, in ms */
export async function replay(
  client: pg.Client,
  statements: readonly Statement[],
  kind: 'read' | 'write',
): Promise<number> {
  const started = performance.now();
  await client.query(
    kind === 'read'
      ? 'begin isolation level repeatable read'
      : 'begin isolation level read committed',
  );
  for (const { text, values } of statements) await client.query(text, values);
  await client.query('commit');
  return performance.now() - started;
}
