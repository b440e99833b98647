import type { ScopeName } from './organisation.ts';
import { readTable } from './table.ts';

/** What the owner does with servers on an old image; data/farms.txt says what each means. */
type Habit = 'fresh' | 'mixed' | 'stale' | 'off';

export interface FarmSpec {
  scope: ScopeName;
  name: string;
  /** E-mail address. */
  owner: string;
  launchedDaysAgo: number;
  habit: Habit;
  description: string;
  /** `role@place*servers`; on Google Cloud the place is `gce/region`. */
  roles: string[];
}

const columns = ['scope', 'name', 'owner', 'days', 'habit', 'description', 'servers'] as const;

export const farms: FarmSpec[] = readTable('farms.txt', columns).map((row) => ({
  scope: row.scope,
  name: row.name,
  owner: `${row.owner}@example.com`,
  launchedDaysAgo: Number(row.days),
  habit: row.habit as Habit,
  description: row.description,
  roles: row.servers.split(' '),
}));
