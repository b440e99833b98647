import { describe, expect, test } from 'vitest';
import { demandCapability } from '../cloud/port.ts';
import { createSimulatedCloud } from '../cloud/simulated.ts';
import { withDatabase } from '../testing/database.ts';
import { type Ended, launch } from '../testing/launched.ts';

const database = withDatabase();

async function slipway(...args: string[]): Promise<Ended> {
  return await launch('slipway', ['clouds', ...args], { DATABASE_URL: database.url }).ended;
}

async function answerOf(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await slipway(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

const image = { cloudPlatform: 'ec2', cloudLocation: 'eu-west-1', cloudImageId: 'ami-12345678' };

function findIt() {
  const cloud = createSimulatedCloud(database.db, { latencyMs: 0 });
  return demandCapability(cloud, 'images').find(image, { signal: AbortSignal.timeout(10_000) });
}

describe('the admin commands for the simulated cloud', () => {
  test('make it fail where they say, list that, and end it', async () => {
    const place = ['--platform', 'ec2', '--location', 'eu-west-1'];
    await answerOf('fail', 'throttled', ...place);
    await answerOf('fail', 'slow', '--seconds', '2', '--probability', '0.5');
    await expect(findIt()).rejects.toMatchObject({ isThrottled: true });
    expect((await slipway('faults')).stdout).toBe(
      'slow everywhere, by 2 s, for 50 % of calls: each call takes longer\n' +
        'throttled on ec2 eu-west-1: it is asked too often\n',
    );
    expect(await answerOf('clear', 'throttled', ...place)).toEqual({ cleared: 1 });
    expect(await findIt()).toMatchObject(image);
    expect(await answerOf('faults')).toEqual([
      { kind: 'slow', platform: '*', location: '*', probability: 0.5, seconds: 2 },
    ]);
    expect((await slipway('clear')).stdout).toBe('Ended one fault.\n');
    expect((await slipway('faults')).stdout).toBe('The simulated cloud works everywhere.\n');
  });

  test('take an image away, and give it back', async () => {
    const which = ['--platform', 'ec2', '--location', 'eu-west-1', '--image', 'ami-12345678'];
    expect(await answerOf('image-missing', ...which)).toMatchObject({ changed: true });
    expect(await findIt()).toBeUndefined();
    expect((await slipway('image-missing', ...which)).stdout).toBe(
      'The image ami-12345678 is missing already.\n',
    );
    expect(await answerOf('image-known', ...which)).toMatchObject({ changed: true });
    expect(await findIt()).toMatchObject(image);
  });

  test.each([
    [['fail', 'rude'], 'The faults are no-capacity'],
    [['fail', 'toString'], 'The faults are no-capacity'],
    [['fail', 'throttled', '--platform', 'ec3'], 'The platforms are'],
    [['fail', 'slow', '--seconds', '-1'], '--seconds must be above 0'],
    [['fail', 'slow', '--probability', ''], '--probability must be above 0'],
    [['fail', 'throttled', '--seconds', '1'], 'Only the fault "slow" takes --seconds'],
    [['clear', 'rude'], 'The faults are no-capacity'],
    [['image-missing', '--platform', 'ec2'], "required option '--image <id>'"],
  ])('%j ends with code 2 and a reason', async (args, reason) => {
    const { code, stderr, stdout } = await slipway(...args);
    expect(stderr).toContain(reason);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
