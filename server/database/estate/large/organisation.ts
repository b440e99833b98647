import { people } from '../organisation.ts';
import { BIG_ACCOUNT, BIG_ENVIRONMENT, type LargePlan } from './shape.ts';
import { daysBefore, pick } from './sql-text.ts';

/** The people of the small estate that one signs in as; here they work for the big account. */
export const signInPeople = people.slice(0, 4);

const OWNERS_PER_ACCOUNT = 10;

const lines = [
  'Retail',
  'Logistics',
  'Billing',
  'Mobile',
  'Insurance',
  'Energy',
  'Media',
  'Travel',
  'Health',
  'Research',
];
const parts = [
  'Europe',
  'Americas',
  'Asia',
  'Nordics',
  'Iberia',
  'Labs',
  'Core',
  'Services',
  'Platform',
  'Partners',
];
const stages = [
  'production',
  'staging',
  'test',
  'qa',
  'sandbox',
  'production-eu',
  'disaster-recovery',
  'performance',
  'training',
];
const firstNames = [
  'Maria',
  'Tom',
  'Sofia',
  'Jonas',
  'Amelia',
  'Ravi',
  'Lucia',
  'Daniel',
  'Zoe',
  'Oliver',
  'Fatima',
  'Hana',
  'Priya',
];
const lastNames = [
  'Keller',
  'Okafor',
  'Lindqvist',
  'Weber',
  'Hart',
  'Menon',
  'Ferrari',
  'Mbeki',
  'Peeters',
  'Grant',
  'Zahra',
];

/** The administrator of an account: the owner of the big one, or `admin-<account>@example.com`. SQL. */
export function administratorOf(account: string): string {
  return `CASE WHEN ${account} IS NULL THEN 'corporate-admin@example.com'
    WHEN ${account} = ${BIG_ACCOUNT} THEN 'account-owner@example.com'
    ELSE 'admin-' || ${account} || '@example.com' END`;
}

/** The id of one of the people who own the farms of an account; `index` is taken round. SQL. */
export function ownerOf(plan: LargePlan, account: string, index: string): string {
  return `(${signInPeople.length + plan.accounts} + (${account} - 1) * ${OWNERS_PER_ACCOUNT} + 1 + (${index}) % ${OWNERS_PER_ACCOUNT})`;
}

/** Accounts, environments, people and their rights. The first user may be there already. */
export function organisationSql(plan: LargePlan, now: Date): string[] {
  const since = daysBefore(now, '1000');
  const { accounts, environments, bigEnvironments, environmentsEach } = plan;
  const owners = accounts * OWNERS_PER_ACCOUNT;
  return [
    `INSERT INTO accounts (id, name, created_at)
    SELECT a, CASE WHEN a = ${BIG_ACCOUNT} THEN 'Storefront'
      ELSE ${pick(lines, 'a')} || ' ' || ${pick(parts, 'a / 10')} || CASE WHEN a > 100 THEN ' ' || a ELSE '' END END, ${since}
    FROM generate_series(1, ${accounts}) a`,
    `INSERT INTO environments (id, account_id, name, created_at)
    SELECT e, account_id, ${pick(stages, 'n')} || CASE WHEN n < ${stages.length} THEN '' ELSE '-' || 1 + n / ${stages.length} END, ${since}
    FROM generate_series(1, ${environments}) e,
      LATERAL (SELECT e - ${bigEnvironments} - 1 AS beyond) o,
      LATERAL (SELECT CASE WHEN beyond < 0 THEN ${BIG_ACCOUNT} ELSE 2 + beyond / ${environmentsEach} END AS account_id,
        CASE WHEN beyond < 0 THEN e - 1 ELSE beyond % ${environmentsEach} END AS n) place`,
    `INSERT INTO users (id, email, name, created_at, handle)
    SELECT ordinality, email, name, ${since}, md5(email)::uuid
    FROM unnest(ARRAY[${signInPeople.map(({ email }) => `'${email}'`).join()}],
      ARRAY[${signInPeople.map(({ name }) => `'${name}'`).join()}]) WITH ORDINALITY AS person(email, name, ordinality)
    UNION ALL
    SELECT ${signInPeople.length} + a, 'admin-' || a || '@example.com', ${personName('a')}, ${since}, md5('admin ' || a)::uuid
    FROM generate_series(1, ${accounts}) a
    UNION ALL
    SELECT ${signInPeople.length + accounts} + o, 'owner-' || o || '@example.com', ${personName('o')}, ${since}, md5('owner ' || o)::uuid
    FROM generate_series(1, ${owners}) o
    ON CONFLICT DO NOTHING`,
    `INSERT INTO grants (user_id, role, scope, account_id, environment_id, created_at)
    SELECT *, ${since} FROM (VALUES (1, 'administrator', 'scalr', NULL::int, NULL::int), (2, 'administrator', 'account', ${BIG_ACCOUNT}, NULL),
      (3, 'operator', 'environment', ${BIG_ACCOUNT}, ${BIG_ENVIRONMENT}), (4, 'viewer', 'account', ${BIG_ACCOUNT}, NULL)) given
    ON CONFLICT DO NOTHING`,
    `INSERT INTO grants (user_id, role, scope, account_id, created_at)
    SELECT ${signInPeople.length} + a, 'administrator', 'account', a, ${since} FROM generate_series(1, ${accounts}) a
    UNION ALL
    SELECT ${signInPeople.length + accounts} + o, 'viewer', 'account', 1 + (o - 1) / ${OWNERS_PER_ACCOUNT}, ${since}
    FROM generate_series(1, ${owners}) o`,
    `INSERT INTO revisions (chain, at) SELECT 'account:' || a, '${now.toISOString()}' FROM generate_series(1, ${accounts}) a
    ON CONFLICT DO NOTHING`,
  ];
}

function personName(index: string): string {
  return `${pick(firstNames, index)} || ' ' || ${pick(lastNames, index)}`;
}
