import { sql } from 'kysely';
import { ApiError } from '#contract/errors.ts';
import type { OperationId } from '#contract/operations.ts';
import type { Db } from '../../database/connection/connection.ts';
import type { Client } from '../harness.ts';
import type { Gate } from './gate.ts';
import type { LoggedRow, Observation } from './history.ts';
import { type LoggedChange, type State, stateOf } from './registers.ts';

const kinds: Partial<Record<OperationId, string>> = {
  imageGet: 'image',
  roleGet: 'role',
  replacementGet: 'replacement',
};

/** A client that keeps what it was answered. @param gate how many of its calls go on at once */
export function observed(client: Client, seen: Observation[], gate: Gate): Client {
  return {
    email: client.email,
    call: (operation, at, input = {}) =>
      gate(async () => {
        const begun = performance.now();
        const keep = (revision: string | undefined, requestId?: string, data?: State) => {
          if (revision === undefined) return;
          const times = { begun, ended: performance.now() };
          const read = readOf(operation, input.params, data);
          seen.push({
            operation,
            at,
            revision,
            ...times,
            ...(requestId && { requestId }),
            ...read,
          });
        };
        try {
          const answer = await client.call(operation, at, input);
          keep(answer.revision, answer.requestId, answer.data as unknown as State);
          return answer;
        } catch (error) {
          const isGone = error instanceof ApiError && error.code === 'ObjectNotFound';
          if (error instanceof ApiError && (isGone || !(operation in kinds)))
            keep(error.details.revision);
          throw error;
        }
      }),
  };
}

function readOf(
  operation: OperationId,
  params: Record<string, unknown> | undefined,
  data: State | undefined,
): Pick<Observation, 'read'> {
  const kind = kinds[operation];
  if (kind === undefined) return {};
  const object = `${kind}:${String(params?.[`${kind}Id`])}`;
  const images = data?.['images'] as { image: { id: string } }[] | undefined;
  const ids = kind === 'role' ? (images ?? []).map(({ image }) => image.id) : undefined;
  return { read: { object, state: data && stateOf(kind, data, ids) } };
}

/** Every image and role as the tables have them. */
export async function readTables(db: Db): Promise<Map<string, State>> {
  const place = ['scope', 'account_id as accountId', 'environment_id as envId'] as const;
  const deprecated = sql<boolean>`deprecated_at IS NOT NULL`.as('deprecated');
  const what = ['id', 'version', 'name', 'description', ...place] as const;
  const images = await db
    .selectFrom('images')
    .where('deleted_at', 'is', null)
    .select([...what, deprecated])
    .execute();
  const roles = await db
    .selectFrom('roles')
    .where('deleted_at', 'is', null)
    .select([...what, deprecated])
    .execute();
  const links = await db.selectFrom('role_images').select(['role_id', 'image_id']).execute();
  const held = Map.groupBy(links, (link) => link.role_id);
  return new Map<string, State>([
    ...images.map((image) => [`image:${image.id}`, stateOf('image', image)] as const),
    ...roles.map((role) => {
      const ids = (held.get(role.id) ?? []).map((link) => link.image_id);
      return [`role:${role.id}`, stateOf('role', role, ids)] as const;
    }),
  ]);
}

/**
 * The operations log, row by row as it was written. A change takes its lock before it writes anything, and so before
 * PostgreSQL numbers its transaction: those that exclude one another are numbered in their order.
 */
export async function readLog(db: Db): Promise<LoggedRow[]> {
  const { rows } = await sql<{
    chain: string;
    revision: number;
    request_id: string;
    object: string;
    before: State | null;
    after: State | null;
    others: LoggedChange[] | null;
  }>`
    SELECT chain, revision, request_id, object, before, after, others FROM operations_log
    ORDER BY xmin::text::bigint, revision`.execute(db);
  return rows.map(({ chain, revision, request_id: requestId, object, before, after, others }) => ({
    chain,
    revision,
    requestId,
    changes: [{ object, before, after }, ...(others ?? [])],
  }));
}
