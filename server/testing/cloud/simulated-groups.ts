import { randomUUID } from 'node:crypto';
import { type EstateFact, toEstateRow } from '../../cloud/simulated/invented-estate.ts';
import type { Db } from '../../database/connection/connection.ts';
import { insertEstate } from '../../database/queries/simulated-cloud/estate.ts';
import type { TestGroup } from './subject.ts';

/** Gives an account of the simulated cloud a group whose servers run what its template says. */
export async function makeSimulatedGroup(
  db: Db,
  estate: { account: string; cloudPlatform: string },
  cloudLocation: string,
  group: {
    cloudImageId: string;
    servers: number;
    follows?: '$Latest';
    isPointed?: boolean;
    tags?: Record<string, string>;
  },
): Promise<TestGroup> {
  const own = randomUUID().slice(0, 8);
  const { cloudImageId, servers, follows, isPointed = false, tags = {} } = group;
  const [groupId, templateId] = [`group-${own}`, `lt-${own}`];
  const pointerName = isPointed ? `/images/${own}` : undefined;
  const facts: EstateFact[] = [
    {
      kind: 'template',
      templateId,
      name: `template-${own}`,
      version: '1',
      isLatest: true,
      isDefault: true,
      cloudImageId: isPointed ? undefined : cloudImageId,
      pointerName,
    },
    {
      kind: 'group',
      groupId,
      name: groupId,
      boots: [{ kind: 'template', templateId, version: follows ?? '1' }],
      minimum: servers,
      desired: servers,
      maximum: servers,
      tags,
    },
    ...Array.from({ length: servers }, (_, index) => memberOf(groupId, index, cloudImageId)),
  ];
  if (pointerName !== undefined) facts.push({ kind: 'pointer', name: pointerName, cloudImageId });
  const rows = facts.map((fact) => toEstateRow(cloudLocation, fact));
  await insertEstate(db, estate, rows);
  return { groupId, templateId, pointerName };
}

function memberOf(groupId: string, index: number, cloudImageId: string): EstateFact {
  return {
    kind: 'server',
    cloudServerId: `i-${groupId.replace('group-', '')}${index}`,
    cloudImageId,
    state: 'running',
    groupId,
    launchedAt: new Date(),
    tags: { Name: `${groupId}-${index}` },
  };
}
