import type { PolicyKind, PolicyRuleInput } from '#contract/policies/rules.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  type ReferenceToStore,
  storeReach,
  storeReading,
} from '../database/queries/inventory/readings.ts';
import { checkPolicies } from '../fleet/policies.ts';
import { insertCredentials } from './credentials.ts';
import { type Client, randomName } from './harness.ts';

/** A policy at a scope, in audit. @returns its id */
export async function createPolicy(
  who: Client,
  at: ScopeRef,
  kind: PolicyKind,
  rule: PolicyRuleInput,
  reach: 'scope' | 'below' = 'scope',
): Promise<string> {
  const body = { name: randomName('policy'), kind, rule, reach };
  return (await who.call('policyCreate', at, { body })).data.id;
}

/** What a policy says now, each finding by the name of its object. */
export async function evaluate(who: Client, at: ScopeRef, policyId: string) {
  const { data } = await who.call('policyEvaluate', at, { params: { policyId }, body: {} });
  const params = { policyId, evaluationId: data.id };
  const findings = await who.call('policyFindingList', at, { params, query: {} });
  const byName = Object.fromEntries(findings.data.map((finding) => [finding.name, finding]));
  return { evaluation: data, findings: findings.data, byName };
}

/** Evaluates a policy, and has it carried out from then on. */
export async function enforce(who: Client, at: ScopeRef, policyId: string): Promise<void> {
  const { evaluation } = await evaluate(who, at, policyId);
  const body = { evaluation: evaluation.id };
  await who.call('policyEnforce', at, { params: { policyId }, body });
}

/** One pass of the loop, in which it is time for every policy. @throws what went wrong in it */
export async function passPolicies(db: Db): Promise<void> {
  const errors: unknown[] = [];
  const told = { onError: (error: unknown) => void errors.push(error) };
  await checkPolicies(db, told, { everyMs: 0, evaluateMs: 24 * 3_600_000 });
  if (errors.length > 0) throw errors[0];
}

type Found = Pick<ReferenceToStore, 'kind' | 'cloud_image_id'>;

/** Stores a reading of ec2 in us-east-1, whole unless a part is named, in which these refer to images. */
export async function storeFound(
  db: Db,
  credentialsId: string,
  references: readonly Found[],
  unread: readonly { part: string; words: string }[] = [],
): Promise<void> {
  const place = { cloudPlatform: 'ec2', cloudLocation: 'us-east-1' };
  const named = references.map((one, index) => {
    const id = `${one.kind}-${index}`;
    return { ...one, id, name: id, how: 'runs it' };
  });
  const images = [...new Set(references.map(({ cloud_image_id: id }) => id))].map((id) => ({
    cloud_image_id: id,
    name: id,
    architecture: 'x86_64',
    size_gb: 8,
    owner: '123456789012',
    state: 'available' as const,
    created_at: null,
    deprecated_at: null,
  }));
  await storeReading(
    db,
    { credentialsId, ...place },
    {
      images,
      references: named,
      unread,
      keptKinds: [],
      keepsImages: false,
      startedAt: new Date(),
      tookMs: 1,
    },
  );
}

/** Credentials that have been there for a year, with a place that was read to its end. @returns their id */
export async function readEverything(
  db: Db,
  at: ScopeRef,
  references: readonly Found[] = [],
): Promise<string> {
  const credentialsId = await insertCredentials(db, at);
  const added_at = new Date(Date.now() - 365 * 86_400_000);
  await db
    .updateTable('cloud_credentials')
    .set({ added_at })
    .where('id', '=', credentialsId)
    .execute();
  const place = { cloudPlatform: 'ec2', cloudLocation: 'us-east-1' };
  await storeReach(db, credentialsId, [{ ...place, account: '123456789012' }]);
  await storeFound(db, credentialsId, references);
  return credentialsId;
}

export const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);
