import { withDatabase } from '../../testing/database.ts';
import { describeCloudConformance } from '../../testing/cloud/conformance.ts';
import { createSimulatedCloud } from '../simulated.ts';
import { loseSimulatedImage } from '../../database/queries/simulated-cloud/images.ts';
import { insertEstate } from '../../database/queries/simulated-cloud/estate.ts';
import { makeSimulatedGroup } from '../../testing/cloud/simulated-groups.ts';
import { type EstateFact, toEstateRow } from './invented-estate.ts';
import { randomBytes } from 'node:crypto';
import { beforeAll } from 'vitest';

const database = withDatabase();
const place = { cloudPlatform: 'ec2', cloudLocation: 'eu-west-1' };
const estate = { account: 'conformance', cloudPlatform: place.cloudPlatform };
const absentImageId = 'ami-00000000000000000';

beforeAll(async () => {
  await loseSimulatedImage(database.db, { ...place, cloudImageId: absentImageId });
});

describeCloudConformance('simulated', {
  connect: () =>
    createSimulatedCloud(database.db, {
      latencyMs: 4,
      bootMs: 40,
      suspendMs: 20,
      resumeMs: 20,
      terminateMs: 20,
      copyMs: 20,
      exchangeMs: 200,
      pageSize: 2,
      ...estate,
    }),
  place,
  cloudImageId: 'ami-0123456789abcdef0',
  absentImageId,
  instanceType: 't3.small',
  makeExpendableImage: async () => {
    const id = `ami-${randomBytes(4).toString('hex')}`;
    const fact: EstateFact = {
      kind: 'image',
      cloudImageId: id,
      name: 'expendable',
      architecture: 'x86_64',
      sizeGb: 8,
      owner: 'simulated conformance',
      createdAt: undefined,
      deprecatedAt: undefined,
      state: 'available',
    };
    await insertEstate(database.db, estate, [toEstateRow(place.cloudLocation, fact)]);
    return id;
  },
  makeGroup: (group) => makeSimulatedGroup(database.db, estate, place.cloudLocation, group),
  copyTo: 'us-east-1',
  stepMs: 20_000,
  pollMs: 5,
  pageSize: 2,
  cannot: [],
  countBoots: async ({ token = '' }) => {
    const server = await database.db
      .selectFrom('simulated_servers')
      .where('token', '=', token)
      .select('reboot_tokens')
      .executeTakeFirstOrThrow();
    return server.reboot_tokens.length + 1;
  },
});
