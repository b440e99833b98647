import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../database/connection/connection.ts';
import type { Tenant } from '../harness.ts';

/** Where objects for a request are made. */
export interface Place {
  db: Db;
  tenant: Tenant;
  /** The scope of the level; of `self`, Corporate. */
  at: ScopeRef;
}
