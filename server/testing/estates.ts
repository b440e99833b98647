import type { ScopeRef } from '#contract/scope.ts';
import { type EstateFact, toEstateRow } from '../cloud/simulated/invented-estate.ts';
import type { Db } from '../database/connection/connection.ts';
import { storeReach } from '../database/queries/inventory/readings.ts';
import { insertEstate } from '../database/queries/simulated-cloud/estate.ts';
import { readInventory } from '../fleet/inventory.ts';
import { keepReading } from '../services/inventory/store-reading.ts';
import { attachNewCredentials } from './credentials.ts';
import { openPromptClouds } from './fleet.ts';

// Estates of the simulated cloud, at one place, and readings of them.

const place = { cloudPlatform: 'ec2', location: 'eu-west-1' };

/** Reads everything once. @throws what no cloud is to blame for */
export async function readAll(db: Db): Promise<void> {
  const errors: unknown[] = [];
  const { signal } = new AbortController();
  await readInventory(db, openPromptClouds(db), {
    signal,
    onError: (error) => void errors.push(error),
  });
  if (errors.length > 0) throw new AggregateError(errors, String(errors[0]));
}

/** Adds to what an account of the simulated cloud has at one location. */
export async function addToEstate(
  db: Db,
  account: string,
  location: string,
  facts: readonly EstateFact[],
  cloudPlatform = place.cloudPlatform,
): Promise<void> {
  const rows = facts.map((fact) => toEstateRow(location, fact));
  await insertEstate(db, { account, cloudPlatform }, rows);
}

/** What an account of the simulated cloud has, instead of what is invented for it. */
export async function setEstate(
  db: Db,
  account: string,
  facts: readonly EstateFact[],
): Promise<void> {
  await db.deleteFrom('simulated_estate').where('account', '=', account).execute();
  await addToEstate(db, account, place.location, facts);
}

export const image = (cloudImageId: string): EstateFact => ({
  kind: 'image',
  cloudImageId,
  name: `name of ${cloudImageId}`,
  architecture: 'x86_64',
  sizeGb: 8,
  owner: '1',
  createdAt: undefined,
  deprecatedAt: undefined,
  state: 'available',
});

export const group = (
  name: string,
  of: Partial<EstateFact & { kind: 'group' }> = {},
): EstateFact & { kind: 'group' } => ({
  kind: 'group',
  groupId: name,
  name,
  boots: [{ kind: 'template', templateId: 'lt-web', version: '$Latest' }],
  minimum: 1,
  desired: 2,
  maximum: 4,
  tags: {},
  ...of,
});

export const template = (cloudImageId: string, version = '3', isLatest = true): EstateFact => ({
  kind: 'template',
  templateId: 'lt-web',
  name: 'web',
  version,
  isLatest,
  isDefault: isLatest,
  cloudImageId,
  pointerName: undefined,
});

export const server = (
  id: string,
  cloudImageId: string | undefined,
  groupId?: string,
  tags: Record<string, string> = {},
): EstateFact => ({
  kind: 'server',
  cloudServerId: id,
  cloudImageId,
  state: 'running',
  groupId,
  launchedAt: new Date('2026-10-02T08:00:00Z'),
  tags: { Name: `named-${id}`, ...tags },
});

/** New credentials that an environment uses, with an estate that was read once. @returns their id */
export async function observe(
  db: Db,
  t: { account: ScopeRef; environment: ScopeRef & { scope: 'environment' } },
  facts: readonly EstateFact[],
  rights: Parameters<typeof attachNewCredentials>[3] = [],
): Promise<string> {
  const credentials = await attachNewCredentials(db, t.account, t.environment, rights);
  await setEstate(db, credentials, facts);
  await readAll(db);
  return credentials;
}

/** The same, where no cloud is asked: it is written down as if it had been read. @returns the id of the credentials */
export async function insertObserved(
  db: Db,
  t: { account: ScopeRef; environment: ScopeRef & { scope: 'environment' } },
  facts: readonly EstateFact[],
): Promise<string> {
  const credentialsId = await attachNewCredentials(db, t.account, t.environment);
  const at = { cloudPlatform: place.cloudPlatform, cloudLocation: place.location };
  await storeReach(db, credentialsId, [{ ...at, account: credentialsId }]);
  await keepReading(db, { credentialsId, ...at }, facts, { startedAt: new Date(), tookMs: 1 });
  return credentialsId;
}
