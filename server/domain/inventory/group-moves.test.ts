import { expect, test } from 'vitest';
import {
  type MovableGroup,
  planGroupMove,
  planMemberBatch,
  toRefreshSettings,
} from './group-moves.ts';

const old = { id: '1', name: 'web-1', cloudImageId: 'ami-1' };
const next = { id: '2', name: 'web-2', cloudImageId: 'ami-2' };
const group: MovableGroup = {
  group_id: 'shop-web',
  cloud_platform: 'ec2',
  cloud_location: 'eu-west-1',
  credentials_id: 'c',
  credentials_name: 'AWS',
  credentials_at: 'account "Shop"',
  cloud_rights: ['changeGroups'],
  managed_by: null,
  template_id: 'lt-1',
  template_version: '3',
  pointer_name: null,
  boots: old,
  is_deprecated: true,
  successor: { ...next, is_same_place: true, is_same_architecture: true },
  ran: null,
  followers: 0,
  pointed: 0,
};
const plan = (more: Partial<MovableGroup> = {}, settings = {}) =>
  planGroupMove({ ...group, ...more }, settings);

test('a group goes to what takes the place of its image, by a new version of its template', () => {
  expect(plan()).toMatchObject({ from: old, to: next, way: 'template', pointerName: null });
  expect(plan()).toMatchObject({ warnings: [] });
});

test.each([
  ['a pointer is moved rather than a template', '/images/web', 'pointer'],
  ['a pointer with a version stands for what it stands for', '/images/web:3', 'template'],
  ['one of another account cannot be moved', 'arn:aws:ssm:eu-west-1:1:parameter/web', 'template'],
])('%s', (_, pointer_name, way) => {
  expect(plan({ pointer_name })).toMatchObject({ way });
});

test('a group that starts the right image is refreshed, and goes back to what its servers ran', () => {
  const move = plan({ is_deprecated: false, boots: next, successor: null, ran: old });
  expect(move).toMatchObject({ from: old, to: next });
  expect(move).toMatchObject({ words: expect.stringContaining('already') as string });
});

test.each<[string, Partial<MovableGroup>, RegExp]>([
  [
    'the right is off',
    { cloud_rights: ['launchServers'] },
    /An administrator can turn that on. .* account "Shop"/,
  ],
  ['it starts nothing from a template', { template_id: null }, /launch template/],
  ['it has a launch configuration', { template_version: '' }, /launch configuration "lt-1"/],
  ['nothing takes the place', { successor: null }, /nothing is named that takes its place/],
  [
    'what does is elsewhere',
    { successor: { ...next, is_same_place: false, is_same_architecture: true } },
    /at another place/,
  ],
  [
    'what does has another architecture',
    { successor: { ...next, is_same_place: true, is_same_architecture: false } },
    /another architecture/,
  ],
])('a group is not moved where %s', (_, more, why) => {
  expect(plan(more)).toEqual({ why: expect.stringMatching(why) as string });
});

test.each<[Partial<MovableGroup>, RegExp[]]>([
  [{ managed_by: 'terraform' }, [/Terraform .* drift/]],
  [{ managed_by: 'cloudformation', pointer_name: '/a' }, [/changes nothing of the group/]],
  [{ template_version: '$Default' }, [/names \$Default of its template now/]],
  [{ followers: 1 }, [/^1 other group follows \$Latest/]],
  [{ pointed: 2, pointer_name: '/a' }, [/^2 other groups follow this pointer/]],
])('somebody is warned before: %o', (more, warnings) => {
  expect(plan(more)).toMatchObject({
    warnings: warnings.map((words) => expect.stringMatching(words) as string),
  });
});

test('that the cloud makes no pause is said where one is wished for', () => {
  expect(plan({}, { pauseSeconds: 60 })).toMatchObject({
    warnings: [expect.stringContaining('no pause') as string],
  });
});

test.each([
  ['20%', 10, 80],
  ['100%', 4, 0],
  ['1', 3, 67],
  ['2', 4, 50],
  ['5', 3, 0],
])('%s of %i down leaves %i percent up', (maxUnavailable, members, minHealthyPercentage) => {
  const settings = { maxUnavailable, bakeSeconds: 30 };
  expect(toRefreshSettings(settings, members)).toEqual({ minHealthyPercentage, warmUpSeconds: 30 });
});

test('a number of servers down is none of a group whose size is not known', () => {
  const settings = { maxUnavailable: '2', bakeSeconds: 0 };
  expect(toRefreshSettings(settings, 0)).toMatchObject({ minHealthyPercentage: 100 });
  const share = { ...settings, maxUnavailable: '25%' };
  expect(toRefreshSettings(share, 0)).toMatchObject({ minHealthyPercentage: 75 });
});

const member = (cloudServerId: string, cloudImageId: string, isUp = true) => ({
  cloudServerId,
  cloudImageId,
  isUp,
});
const settings = { maxUnavailable: '50%', batchSize: '50%' };
const aim = { desired: 4, cloudImageId: 'ami-2' };

test('members are ended a batch at a time, and never more down than may be', () => {
  const members = ['a', 'b', 'c', 'd'].map((id) => member(id, 'ami-1'));
  expect(planMemberBatch(members, settings, aim)).toEqual(['a', 'b']);
  expect(planMemberBatch(members, { ...settings, batchSize: '1' }, aim)).toEqual(['a']);
  expect(planMemberBatch(members.slice(1), settings, aim)).toEqual(['b']);
  expect(planMemberBatch(members.slice(2), settings, aim)).toEqual([]);
});

test('a member that is down already costs nothing, and one on its image stays', () => {
  const members = [
    member('a', 'ami-1', false),
    member('b', 'ami-1'),
    member('c', 'ami-2', false),
    member('d', 'ami-2'),
  ];
  expect(planMemberBatch(members, settings, aim)).toEqual(['a']);
});
