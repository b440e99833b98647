import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { NamedRole, SuccessorFacts } from '../../../domain/roles/roles.ts';
import type { Db } from '../../connection/connection.ts';
import { placeColumns } from '../records/operations-log.ts';
import { ask, sendAhead } from '../../connection/sent-ahead.ts';
import { type RoleRow, selectRoles } from './roles.ts';

/** The live roles with one of these names of Corporate and, with an account, of all that the account holds. */
export async function fetchNamesakes(
  tx: Db,
  names: readonly string[],
  at: ScopeRef,
): Promise<NamedRole[]> {
  const select = tx
    .selectFrom('roles')
    .where('deleted_at', 'is', null)
    .where('name', 'in', names)
    .where((where) =>
      where.or([
        where('account_id', 'is', null),
        ...(at.scope === 'scalr' ? [] : [where('account_id', '=', at.accountId)]),
      ]),
    )
    .select(['id', 'name', 'scope', 'account_id', 'environment_id'])
    .orderBy('id');
  return ask(tx, select.compile());
}

/** What a new role is made of. */
export interface NewRole {
  name: string;
  description: string;
  categoryId: number;
  osId: string;
  quickStart: boolean;
  useScalrAgent: boolean;
  builtinAutomation: string[];
  deprecated: boolean;
}

/**
 * Inserts a role.
 * @param options.version 0 when images are added in the same operation, which raises it to 1
 * @returns its id
 */
export async function insertRole(
  tx: Db,
  at: ScopeRef,
  role: NewRole,
  options: { now: Date; by: string; version?: 0 | 1 },
): Promise<number> {
  const row = await tx
    .insertInto('roles')
    .values({
      ...placeColumns(at),
      name: role.name,
      description: role.description,
      category_id: role.categoryId,
      os_id: role.osId,
      quick_start: role.quickStart,
      use_scalr_agent: role.useScalrAgent,
      builtin_automation: role.builtinAutomation,
      deprecated_at: role.deprecated ? options.now : null,
      deprecated_by: role.deprecated ? options.by : null,
      created_by: options.by,
      added_at: options.now,
      version: options.version ?? 1,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Columns of a role that an operation may change. */
export interface RoleChanges {
  name?: string;
  description?: string;
  category_id?: number;
  os_id?: string;
  quick_start?: boolean;
  deprecated_at?: Date | null;
  deprecated_by?: string | null;
  deprecation_reason?: string | null;
  deprecation_replacement_id?: number | null;
}

/** Changes a role and raises its version, ahead of the next statement. */
export async function updateRole(tx: Db, id: number, changes: RoleChanges): Promise<void> {
  const update = tx
    .updateTable('roles')
    .set({ ...changes, version: sql`version + 1` })
    .where('id', '=', id);
  await sendAhead(tx, update.compile());
}

/** The live roles that recommend another one. */
export async function fetchRecommenders(tx: Db, id: number, viewer: ScopeRef): Promise<RoleRow[]> {
  const rows = await selectRoles(tx, viewer, sql`r.deprecation_replacement_id = ${id}`);
  return rows.sort((a, b) => a.id - b.id);
}

/**
 * Makes a role a tombstone, and takes it back as a recommendation wherever it was one. Its images must
 * have been removed, and no farm role may use it.
 */
export async function tombstoneRole(tx: Db, id: number, at: Date): Promise<void> {
  await tx
    .updateTable('roles')
    .set({ deprecation_replacement_id: null, version: sql`version + 1` })
    .where('deprecation_replacement_id', '=', id)
    .execute();
  await tx
    .updateTable('roles')
    .set({ deleted_at: at, version: sql`version + 1` })
    .where('id', '=', id)
    .execute();
}

/** Live roles as possible recommendations. */
export async function fetchSuccessors(tx: Db, ids: readonly number[]): Promise<SuccessorFacts[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom('roles')
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .select(['id', 'name', 'scope', 'account_id', 'environment_id', 'deprecated_at'])
    .execute();
}
