import type { FastifyInstance } from 'fastify';
import type { Db } from '../../database/connection/connection.ts';
import { type Browser, openBrowser } from '../app.ts';
import { createTenant, type Tenant } from '../harness.ts';
import { createKey } from '../signed-client.ts';
import { fillEstate } from './fill-estate.ts';
import { PoolIds } from './pool-ids.ts';

/** Who asks, in the order of their numbers in requests. */
export const askers = ['corporate admin', 'account admin', 'viewer'] as const;

/** What requests go to, and who makes them. */
export interface Estate {
  app: FastifyInstance;
  db: Db;
  pools: PoolIds;
  /** Whose people ask. */
  tenant: Tenant;
  browsers: Browser[];
}

/** Two tenants in a database that has nothing else. The people of the first one ask. */
export async function newEstate(app: FastifyInstance, db: Db): Promise<Estate> {
  const pools = new PoolIds();
  const tenant = await createTenant(db);
  await fillEstate(db, tenant, pools);
  await fillEstate(db, await createTenant(db), pools);
  for (const email of emailsOf(tenant)) await createKey(db, email);
  await pools.read(db);
  const browsers = await Promise.all(emailsOf(tenant).map((email) => openBrowser(app, db, email)));
  return { app, db, pools, tenant, browsers };
}

/** Signs in again whose session has ended. */
export async function signInAgain(estate: Estate, who: number): Promise<void> {
  const email = emailsOf(estate.tenant)[who] ?? '';
  estate.browsers[who] = await openBrowser(estate.app, estate.db, email);
}

function emailsOf({ corporateAdmin, accountAdmin, viewer }: Tenant): string[] {
  return [corporateAdmin.email, accountAdmin.email, viewer.email];
}
