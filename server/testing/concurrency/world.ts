import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../database/connection/connection.ts';
import type { ScopedRow } from '../../domain/scopes.ts';
import type { Client, Tenant } from '../harness.ts';
import type { Gate } from './gate.ts';

/** What many clients change at once. */
export interface World {
  tenants: Tenant[];
  client: Client;
  /** A pool apart, so that looking around never waits for the clients' connections. */
  look: Db;
  /** How many may look around at once. */
  looking: Gate;
}

export interface Picked extends ScopedRow {
  id: string;
}
export interface PickedRole extends ScopedRow {
  id: number;
}

/** One random row of a table that meets a condition on `x`. */
export async function pick<Row>(
  { look, looking }: World,
  table: 'images' | 'roles' | 'replacements' | 'image_sets',
  condition: RawBuilder<unknown> = sql`true`,
): Promise<Row | undefined> {
  const buries = table === 'images' || table === 'roles';
  const alive = buries ? sql`x.deleted_at IS NULL` : sql`true`;
  const found = sql<Row>`
    SELECT x.id, x.scope, x.account_id, x.environment_id FROM ${sql.table(table)} x
    WHERE ${alive} AND ${condition} ORDER BY random() LIMIT 1`;
  const { rows } = await looking(() => found.execute(look));
  return rows[0];
}

export const used = sql`EXISTS (SELECT FROM role_images ri WHERE ri.image_id = x.id)`;
export const below = sql`x.scope <> 'scalr'`;
/** An image that may enter most roles; any other now and then. */
export const fitting = () =>
  Math.random() < 0.8
    ? sql`x.deprecated_at IS NULL AND x.os_id = 'ubuntu-24-04' AND x.cloud_location = 'us-east-1'`
    : sql`true`;

export function one<T>(values: readonly T[]): T {
  return values[Math.floor(Math.random() * values.length)] as T;
}

export function anyScope({ tenants }: World): ScopeRef {
  const t = one(tenants);
  return one([t.corporate, t.account, t.environment, t.otherEnvironment]);
}

/** One link of a role to an image, and the scope of the role. */
export async function pickLink({ look, looking }: World) {
  const found = sql<ScopedRow & { role_id: number; image_id: string }>`
    SELECT ri.role_id, ri.image_id, r.scope, r.account_id, r.environment_id
    FROM role_images ri JOIN roles r ON r.id = ri.role_id
    ORDER BY EXISTS (SELECT FROM farm_roles fr WHERE fr.role_id = r.id) AND random() < 0.5, random()
    LIMIT 1`;
  const { rows } = await looking(() => found.execute(look));
  return rows[0];
}
