import { sql } from 'kysely';
import type { Db } from '../../database/connection/connection.ts';
import type { Database } from '../../database/schema.ts';
import type { Hole, Pool } from './pools.ts';

/** The tables that have what is in a pool, each with its `id`; other pools are filled by what is made and answered. */
const tables = {
  image: 'images',
  imageSet: 'image_sets',
  role: 'roles',
  farm: 'farms',
  farmRole: 'farm_roles',
  server: 'servers',
  roleCategory: 'role_categories',
  project: 'projects',
  apiKey: 'api_keys',
  replacement: 'replacements',
  rollout: 'rollouts',
  cloudCredentials: 'cloud_credentials',
  policy: 'policies',
  policyEvaluation: 'policy_evaluations',
  operation: 'operations',
  account: 'accounts',
  environment: 'environments',
  user: 'users',
  team: 'teams',
} as const satisfies Partial<Record<Pool, keyof Database>>;

/** The ids that holes of requests stand for, by what has them. */
export class PoolIds {
  readonly #ids = new Map<Pool, string[]>();

  add(pool: Pool, id: string): void {
    const ids = this.#ids.get(pool) ?? [];
    ids.push(id);
    this.#ids.set(pool, ids);
  }

  /** Reads what the tables have. */
  async read(db: Db): Promise<void> {
    for (const [pool, table] of Object.entries(tables) as [Pool, keyof Database][]) {
      const { rows } = await sql<{ id: string | number }>`
        SELECT id FROM ${sql.table(table)} ORDER BY id`.execute(db);
      this.#ids.set(
        pool,
        rows.map((row) => String(row.id)),
      );
    }
    const found = await db.selectFrom('inventory_images').select('key').execute();
    this.#ids.set(
      'cloudImage',
      found.map(({ key }) => key),
    );
  }

  textOf({ pool, place, spoil }: Hole): string {
    const ids = this.#ids.get(pool) ?? [];
    // Small places are exact; of the others many are among the newest, which are more interesting.
    const newest = ids.length - 1 - (place % Math.min(ids.length, 8));
    const text = ids[place < 10 ? place : place % 3 === 0 ? newest : place % ids.length] ?? '1';
    if (spoil === 'upper') return text.toUpperCase();
    if (spoil === 'cut') return text.slice(0, -1);
    if (spoil === 'append') return `${text}A`;
    if (spoil === 'flip') return (text.startsWith('a') ? 'b' : 'a') + text.slice(1);
    return text;
  }

  /** Puts ids where the holes are. In a body ids of tables with numbers are numbers. */
  filled(value: unknown, asText: boolean): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.filled(item, asText));
    if (isHole(value)) {
      const text = this.textOf(value);
      return !asText && /^[0-9]{1,10}$/.test(text) ? Number(text) : text;
    }
    const entries = Object.entries(value).map(([key, one]) => [key, this.filled(one, asText)]);
    return Object.fromEntries(entries);
  }
}

function isHole(value: object): value is Hole {
  return 'pool' in value && 'place' in value;
}
