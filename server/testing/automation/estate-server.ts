import type { FastifyInstance } from 'fastify';
import { loadEstate } from '../../database/estate/load.ts';
import { buildTestApp } from '../app.ts';
import { createKey, type Key } from '../signed-client.ts';
import type { TestDatabase } from '../database.ts';

export interface EstateServer {
  url: string;
  /** Administrators of Storefront and of Corporate. */
  keys: { account: Key; corporate: Key };
  app: FastifyInstance;
}

/** Slipway on the demo estate, on a port of its own. */
export async function startEstateServer({ db }: TestDatabase): Promise<EstateServer> {
  await loadEstate(db, { size: 's', now: new Date() });
  const app = buildTestApp(db);
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    url: address.replace('127.0.0.1', 'localhost'),
    keys: {
      account: await createKey(db, 'account-owner@example.com'),
      corporate: await createKey(db, 'corporate-admin@example.com'),
    },
  };
}
