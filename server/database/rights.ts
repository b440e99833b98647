import { sql } from 'kysely';
import { type Db, openDatabase } from './connection/connection.ts';
import { takeStartLock } from './connection/locks.ts';

/** What the application does with a table; with the operations log and the migrator's tables it does less. */
const everything = ['DELETE', 'INSERT', 'SELECT', 'UPDATE'];
const less: Record<string, string[]> = {
  operations_log: ['INSERT', 'SELECT'],
  // Records begin, and are cut, by commands.
  record_baseline: ['SELECT'],
  record_begins: ['SELECT'],
  record_cuts: ['INSERT', 'SELECT'],
  // These follow the log.
  operation_kinds: ['INSERT', 'SELECT'],
  operation_objects: ['INSERT', 'SELECT'],
  operation_places: ['INSERT', 'SELECT', 'UPDATE'],
  operations: ['INSERT', 'SELECT', 'UPDATE'],
  held_grants: ['SELECT'],
  server_group_verdicts: ['SELECT'],
  kysely_migration: ['SELECT'],
  kysely_migration_lock: ['SELECT'],
};

/** A table, a view or a sequence, and which rights a role has on it now. */
interface Granted {
  name: string;
  isSequence: boolean;
  isOwned: boolean;
  rights: string[];
}

/**
 * Gives a role the rights that the application needs, and no more, on all that is there. Does nothing
 * where it has them, and where the role is the owner itself: then one role does everything.
 * @param ownerUrl a connection string as the owner of the tables
 * @throws what PostgreSQL says
 */
export async function grantRights(ownerUrl: string, role: string): Promise<void> {
  const db = openDatabase(ownerUrl, { maxConnections: 1, limited: false });
  try {
    if ((await roleOf(db)) === role || (await findWrongRights(db, role)).length === 0) return;
    await db.transaction().execute(async (tx) => {
      await takeStartLock(tx);
      for (const one of await findWrongRights(tx, role)) {
        const on = sql`${sql.raw(one.isSequence ? 'SEQUENCE' : 'TABLE')} ${sql.table(one.name)}`;
        const rights = sql.raw(wantedRights(one).join(', '));
        await sql`REVOKE ALL ON ${on} FROM ${sql.id(role)}`.execute(tx);
        await sql`GRANT ${rights} ON ${on} TO ${sql.id(role)}`.execute(tx);
      }
    });
  } finally {
    await db.destroy();
  }
}

/** Whom a connection string signs in as. @throws what PostgreSQL says */
export async function findRole(url: string): Promise<string> {
  const db = openDatabase(url, { maxConnections: 1 });
  try {
    return await roleOf(db);
  } finally {
    await db.destroy();
  }
}

async function roleOf(db: Db): Promise<string> {
  const { rows } = await sql<{ role: string }>`SELECT current_user AS role`.execute(db);
  return rows[0]?.role ?? '';
}

/** On what a role may do more or less than the application needs, or which it owns. */
export async function findWrongRights(db: Db, role: string): Promise<Granted[]> {
  const { rows } = await sql<Granted>`
    SELECT c.relname AS name, c.relkind = 'S' AS "isSequence", owner.rolname = ${role} AS "isOwned",
      ARRAY(SELECT acl.privilege_type FROM aclexplode(c.relacl) acl JOIN pg_roles r ON r.oid = acl.grantee
        WHERE r.rolname = ${role} ORDER BY acl.privilege_type) AS rights
    FROM pg_class c JOIN pg_roles owner ON owner.oid = c.relowner
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'S')
    ORDER BY c.relname`.execute(db);
  return rows.filter((row) => row.isOwned || row.rights.join() !== wantedRights(row).join());
}

/** How a role could come by more than its rights on tables, in words. */
export async function findRolePowers(db: Db, role: string): Promise<string[]> {
  const { rows } = await sql<{ problem: string }>`
    SELECT 'it is a superuser, makes roles, or passes by the rights of rows' AS problem FROM pg_roles
    WHERE rolname = ${role} AND (rolsuper OR rolcreaterole OR rolbypassrls OR rolreplication)
    UNION ALL
    SELECT DISTINCT 'it may become ' || owner.rolname || ', who owns tables' FROM pg_class c
    JOIN pg_roles owner ON owner.oid = c.relowner
    WHERE c.relnamespace = 'public'::regnamespace AND owner.rolname <> ${role}
      AND pg_has_role(${role}, owner.oid, 'MEMBER')
    UNION ALL
    SELECT 'everybody has ' || acl.privilege_type || ' on ' || c.relname FROM pg_class c, aclexplode(c.relacl) acl
    WHERE c.relnamespace = 'public'::regnamespace AND acl.grantee = 0
    UNION ALL
    SELECT 'it has ' || acl.privilege_type || ' on ' || c.relname || '.' || a.attname
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) acl
    WHERE c.relnamespace = 'public'::regnamespace AND acl.grantee IN (0, (SELECT oid FROM pg_roles WHERE rolname = ${role}))
    UNION ALL
    SELECT 'the function ' || proname || ' runs as its owner' FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prosecdef`.execute(db);
  return rows.map(({ problem }) => problem);
}

function wantedRights({ name, isSequence }: Granted): string[] {
  return isSequence ? ['SELECT', 'USAGE'] : (less[name] ?? everything);
}
