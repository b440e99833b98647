import type { Insertable } from 'kysely';
import type { Database } from '../schema.ts';
import { createClock, stableUuid } from './deterministic.ts';
import { accounts } from './organisation.ts';

/** What each account pays from, and the project that its production farms are charged to. */
const bills = {
  storefront: { costCenter: 'Retail', code: 'RTL', project: 'Web shop', lead: 'storefront' },
  payments: { costCenter: 'Finance', code: 'FIN', project: 'Card payments', lead: 'payments' },
  analytics: { costCenter: 'Insight', code: 'INS', project: 'Data platform', lead: 'analytics' },
} as const;

export interface Billing {
  costCenters: Insertable<Database['cost_centers']>[];
  projects: Insertable<Database['projects']>[];
}

/** One cost center and one project for each account. */
export function planBilling(now: Date): Billing {
  const added_at = createClock(now)(150);
  const billing: Billing = { costCenters: [], projects: [] };
  for (const { id, key } of accounts) {
    const { costCenter, code, project, lead } = bills[key];
    const shared = { scope: 'account', account_id: id, added_at } as const;
    const lead_email = `${lead}-lead@example.com`;
    const costCenterId = stableUuid(`cost center ${key}`);
    billing.costCenters.push({
      ...shared,
      id: costCenterId,
      name: costCenter,
      billing_code: code,
      lead_email,
    });
    billing.projects.push({
      ...shared,
      id: projectOf(id),
      name: project,
      cost_center_id: costCenterId,
      billing_code: `${code}-1`,
      lead_email,
      created_by: 'corporate-admin@example.com',
    });
  }
  return billing;
}

/** The project of an account. */
export function projectOf(accountId: number): string {
  return stableUuid(`project of account ${accountId}`);
}
