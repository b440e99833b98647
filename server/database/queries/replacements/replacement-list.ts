import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ReplacementState } from '#contract/replacements/replacements.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { imageWays } from '../images/image-list.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { matchesSearch } from '../lists/search.ts';
import { replacementBranches } from './replacements.ts';

type ReplacementListQuery = ServiceInput<'replacementList'>['query'];

/**
 * How to walk the replacements that a scope sees; without a state, those that were carried out.
 * @param now what has expired by then
 */
export function replacementListPlan(
  scope: ScopeRef,
  query: ReplacementListQuery,
  now: Date,
): ListPlan {
  const pairs = selectsOfPairs(query);
  return {
    from: sql`replacements p`,
    branches: replacementBranches(scope),
    shared: pairs.map((found, n) => sql`${paired(n)} AS MATERIALIZED (${found})`),
    where: [
      isInState(query.state ?? ['applied', 'rolledBack'], now),
      ...pairs.map((_, n) => sql`p.id = ANY(ARRAY(SELECT id FROM ${paired(n)}))`),
      ...conditionsOnPlace(query),
      ...conditionsOnRoles(query),
      ...(query.scope === undefined ? [] : [sql`p.scope = ${query.scope}`]),
      ...(query.by === undefined ? [] : [sql`(p.by = ${query.by} OR p.planned_by = ${query.by})`]),
      ...(query.rolledBack === undefined ? [] : [sql`${isRolledBack} = ${query.rolledBack}`]),
    ],
    key: sql`p.at`,
    keyType: 'timestamptz',
    id: sql`p.id`,
    idType: 'uuid',
    descending: parseSort(query.sort ?? '-at').descending,
  };
}

const isRolledBack = sql`EXISTS (
  SELECT FROM replacements back WHERE back.rolls_back_id = p.id AND back.completes)`;

function isInState(states: readonly ReplacementState[], now: Date): RawBuilder<unknown> {
  const wanted = new Set(states);
  if (wanted.has('applied') && wanted.has('rolledBack') && wanted.size === 2)
    return sql`p.state = 'applied'`;
  const conditions: Record<ReplacementState, RawBuilder<unknown>> = {
    planned: sql`p.state = 'planned' AND p.expires_at > ${now}`,
    expired: sql`p.state = 'planned' AND p.expires_at <= ${now}`,
    cancelled: sql`p.state = 'cancelled'`,
    applied: sql`p.state = 'applied' AND NOT ${isRolledBack}`,
    rolledBack: sql`p.state = 'applied' AND ${isRolledBack}`,
  };
  return sql`(${sql.join(
    [...wanted].map((state) => sql`(${conditions[state]})`),
    sql` OR `,
  )})`;
}

const paired = (n: number) => sql.id(`paired_${n}`);

/** The replacements that have a pair of these images, once for each filter. */
function selectsOfPairs(query: ReplacementListQuery): RawBuilder<unknown>[] {
  const { oldImage, newImage, image, imageSet, line } = query;
  const live = sql`SELECT i.id FROM images i WHERE i.deleted_at IS NULL`;
  return [
    ...matchesSearch(query.query, imageWays).map((found) => ofEither(sql`${live} AND ${found}`)),
    ...(oldImage ? [havingPair(sql`pair.old_image_id = ${oldImage}`)] : []),
    ...(newImage ? [havingPair(sql`pair.new_image_id = ${newImage}`)] : []),
    ...(image
      ? [havingPair(sql`pair.old_image_id = ${image} OR pair.new_image_id = ${image}`)]
      : []),
    ...(imageSet === undefined ? [] : [ofEither(sql`${live} AND i.set_id = ${imageSet}`)]),
    ...(line === undefined
      ? []
      : [
          ofEither(sql`SELECT i.id FROM images i WHERE i.set_id = ANY(ARRAY(
            SELECT s.id FROM image_sets s WHERE s.line = ${line}))`),
        ]),
  ];
}

/** As arrays, images are looked up in the indexes of the pairs, however many they are. */
const ofEither = (images: RawBuilder<unknown>) => sql`
  WITH found AS MATERIALIZED (${images})
  ${havingPair(sql`pair.old_image_id = ANY(ARRAY(SELECT id FROM found))
    OR pair.new_image_id = ANY(ARRAY(SELECT id FROM found))`)}`;

const havingPair = (condition: RawBuilder<unknown>) =>
  sql`SELECT pair.replacement_id AS id FROM replacement_pairs pair WHERE ${condition}`;

function conditionsOnPlace({ cloudPlatform, cloudLocation }: ReplacementListQuery) {
  if (cloudPlatform === undefined) return [];
  const location =
    cloudLocation === undefined ? sql`` : sql`AND i.cloud_location = ${cloudLocation}`;
  // Asked for each replacement, since half of all images may be in one place.
  return [
    sql`EXISTS (SELECT FROM replacement_pairs pair JOIN images i ON i.id = pair.old_image_id
      WHERE pair.replacement_id = p.id AND i.cloud_platform = ${cloudPlatform} ${location} OFFSET 0)`,
  ];
}

function conditionsOnRoles({ role, farm }: ReplacementListQuery): RawBuilder<unknown>[] {
  const changed = (roles: RawBuilder<unknown>) => sql`p.id = ANY(ARRAY(
    SELECT pr.replacement_id FROM replacement_roles pr WHERE pr.role_id = ANY(ARRAY(${roles}))))`;
  return [
    ...(role === undefined ? [] : [changed(sql`SELECT ${role}::int`)]),
    ...(farm === undefined
      ? []
      : [changed(sql`SELECT fr.role_id FROM farm_roles fr WHERE fr.farm_id = ${farm}`)]),
  ];
}
