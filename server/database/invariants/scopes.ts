import { type Invariant, isVisible } from './invariant.ts';

const scopedTables = [
  'images',
  'roles',
  'role_categories',
  'grants',
  'replacements',
  'cost_centers',
  'projects',
  'cloud_credentials',
  'policies',
  'teams',
  'api_keys',
];

/** Where things live, what they are called, and what may refer to what. */
export const scopeInvariants: Invariant[] = [
  {
    id: 'INV-01',
    guarantee: 'an object has exactly the ids that its scope needs',
    sql: scopedTables
      .map(
        (table) => `
        SELECT '${table}' AS "table", id::text FROM ${table}
        WHERE num_nonnulls(account_id, environment_id)
          <> CASE scope WHEN 'scalr' THEN 0 WHEN 'account' THEN 1 ELSE 2 END
          OR (scope = 'account' AND account_id IS NULL)`,
      )
      .join(' UNION ALL '),
  },
  {
    id: 'INV-02',
    guarantee: 'an environment belongs to the account that the object names',
    sql: [...scopedTables, 'farms', 'farm_roles', 'servers']
      .map(
        (table) => `
        SELECT '${table}' AS "table", x.id::text FROM ${table} x
        WHERE x.environment_id IS NOT NULL AND NOT EXISTS (
          SELECT FROM environments e WHERE e.id = x.environment_id AND e.account_id = x.account_id)`,
      )
      .join(' UNION ALL '),
  },
  {
    // A row further down may be older than one above it, since only the scopes above are asked.
    id: 'INV-03',
    guarantee: 'a cloud image is registered once per scope',
    sql: `
      SELECT cloud_platform, cloud_location, cloud_image_id, scope, account_id, environment_id, count(*)
      FROM images WHERE deleted_at IS NULL AND cloud_image_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6 HAVING count(*) > 1`,
  },
  {
    // A Corporate role may take a name that an account already has: it asks its own scope only.
    id: 'INV-04',
    guarantee:
      'a role name is used once per scope, and not in an account and its environments at once',
    sql: `
      SELECT name, account_id, count(*) FROM roles WHERE deleted_at IS NULL
      GROUP BY name, account_id
      HAVING count(*) > 1 AND (account_id IS NULL OR bool_or(scope = 'account')
        OR count(DISTINCT environment_id) < count(*))`,
  },
  {
    id: 'INV-09',
    guarantee: "a role's category is visible from the role",
    sql: `
      SELECT r.id, r.name, c.name AS category FROM roles r JOIN role_categories c ON c.id = r.category_id
      WHERE r.deleted_at IS NULL AND NOT ${isVisible('c', 'r')}`,
  },
  {
    id: 'INV-09b',
    guarantee: 'what is recommended instead of a deprecated object is visible from that object',
    sql: `
      SELECT 'image' AS "object", x.id::text, y.id::text AS replacement
      FROM images x JOIN images y ON y.id = x.deprecation_replacement_id
      WHERE x.deleted_at IS NULL AND NOT ${isVisible('y', 'x')}
      UNION ALL
      SELECT 'role', x.id::text, y.id::text
      FROM roles x JOIN roles y ON y.id = x.deprecation_replacement_id
      WHERE x.deleted_at IS NULL AND NOT ${isVisible('y', 'x')}`,
  },
  {
    id: 'INV-09c',
    guarantee: 'recommendations never lead back to where they began',
    sql: ['images', 'roles']
      .map(
        (table) => `
        SELECT '${table}' AS "table", id::text FROM (
          WITH RECURSIVE walk AS (
            SELECT id, deprecation_replacement_id AS next FROM ${table}
            WHERE deprecation_replacement_id IS NOT NULL
            UNION
            SELECT walk.id, step.deprecation_replacement_id FROM walk JOIN ${table} step ON step.id = walk.next
            WHERE step.deprecation_replacement_id IS NOT NULL AND walk.next <> walk.id)
          SELECT id FROM walk WHERE next = id) ${table}_in_a_circle`,
      )
      .join(' UNION ALL '),
  },
];
