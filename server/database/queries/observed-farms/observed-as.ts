import { type RawBuilder, sql } from 'kysely';

/** What runs a farm that Slipway only observes, as JSON; null for one of Slipway's own. */
export interface ObservedAs {
  kind: 'group' | 'tag' | 'rest';
  name: string;
}

/** @param farmId a column that holds the id of a farm */
export function observedAs(farmId: string): RawBuilder<ObservedAs | null> {
  return sql<ObservedAs | null>`(SELECT jsonb_build_object('kind', o.kind, 'name', o.name) FROM observed_farms o
    WHERE o.farm_id = ${sql.raw(farmId)})`;
}

/**
 * Where credentials belong, in words such as `environment "Production"`.
 * @param credentials an alias of cloud_credentials
 */
export function placeOfCredentials(credentials: string): RawBuilder<string> {
  const c = sql.raw(credentials);
  return sql<string>`(CASE ${c}.scope WHEN 'scalr' THEN 'Corporate'
    WHEN 'account' THEN (SELECT concat('account "', a.name, '"') FROM accounts a WHERE a.id = ${c}.account_id)
    ELSE (SELECT concat('environment "', e.name, '"') FROM environments e WHERE e.id = ${c}.environment_id) END)`;
}

/** Whether a farm is observed. */
export function isObserved(farmId: string): RawBuilder<boolean> {
  return sql<boolean>`EXISTS (SELECT FROM observed_farms o WHERE o.farm_id = ${sql.raw(farmId)})`;
}

/** Conditions that leave what is observed, or what is not; none where nobody asks. */
export function whetherObserved(
  farmId: string,
  wanted: boolean | undefined,
): RawBuilder<boolean>[] {
  if (wanted === undefined) return [];
  return [wanted ? isObserved(farmId) : sql<boolean>`NOT ${isObserved(farmId)}`];
}
