import { expect, test } from 'vitest';
import {
  type ObservableFact,
  type ObservableGroup,
  type ObservableServer,
  type ObservedTags,
  planObservedFarms,
} from './observed-farms.ts';

const tags: ObservedTags = { farmTag: null, ownerTag: 'owner' };
const nobody = () => false;

const server = (id: string, of: Partial<ObservableServer> = {}): ObservableServer => ({
  kind: 'server',
  cloudServerId: id,
  cloudImageId: 'ami-1',
  state: 'running',
  groupId: undefined,
  launchedAt: undefined,
  tags: {},
  ...of,
});

const group = (id: string, of: Partial<ObservableGroup> = {}): ObservableGroup => ({
  kind: 'group',
  groupId: id,
  name: id,
  boots: [{ kind: 'image', cloudImageId: 'ami-2' }],
  minimum: 0,
  desired: 1,
  maximum: 2,
  tags: {},
  ...of,
});

/** `farm: farm role (image) server, server; ...` */
function told(facts: readonly ObservableFact[], of = tags, isOwn = nobody): string[] {
  return planObservedFarms(facts, of, isOwn).map(({ kind, name, farmRoles }) => {
    const roles = farmRoles.map(
      (one) =>
        `${one.name} (${one.cloudImageId}) ${one.servers.map(({ cloudServerId }) => cloudServerId).join(', ')}`,
    );
    return `${kind} ${name}: ${roles.join('; ')}`;
  });
}

test('members of a group are in its farm, whatever they run, and others in the rest', () => {
  const facts = [group('web'), server('i-1', { groupId: 'web' }), server('i-2')];
  expect(told(facts)).toEqual([
    'group web: ami-2 (ami-2) i-1',
    'rest Servers without a group: ami-1 (ami-1) i-2',
  ]);
});

test('a group that starts several images has a farm role for each, and old servers in the first', () => {
  const boots = ['ami-1', 'ami-2', 'ami-1'].map((cloudImageId) => ({
    kind: 'image' as const,
    cloudImageId,
  }));
  const facts = [
    group('web', { boots }),
    server('i-1', { groupId: 'web', cloudImageId: 'ami-2' }),
    server('i-2', { groupId: 'web', cloudImageId: 'ami-0' }),
    server('i-3', { groupId: 'web', cloudImageId: undefined }),
  ];
  expect(told(facts)).toEqual([
    'group web: ami-1 (ami-1) i-2; ami-2 (ami-2) i-1; no-image (-) i-3',
  ]);
});

test('a group that starts nothing has a farm role for each image that its servers run', () => {
  const facts = [
    group('web', { boots: [] }),
    server('i-1', { groupId: 'web' }),
    server('i-2', { groupId: 'web', cloudImageId: 'ami-2' }),
  ];
  expect(told(facts)).toEqual(['group web: ami-1 (ami-1) i-1; ami-2 (ami-2) i-2']);
});

test('what cannot be resolved is no image, and its servers stay together', () => {
  const boots = [{ kind: 'template' as const, templateId: 'lt-1', version: '$Latest' }];
  const [farm] = planObservedFarms(
    [group('web', { boots }), server('i-1', { groupId: 'web' })],
    tags,
    nobody,
  );
  expect(farm?.farmRoles).toMatchObject([
    { cloudImageId: null, servers: [{ cloudServerId: 'i-1' }] },
  ]);
  expect(farm?.farmRoles[0]?.words).toContain('which was not found');
});

test('a member of a group that was not found is among the rest', () => {
  expect(told([server('i-1', { groupId: 'gone' })])).toEqual([
    'rest Servers without a group: ami-1 (ami-1) i-1',
  ]);
});

test('a tag gathers servers that are in no group, and leaves groups alone', () => {
  const of = { farmTag: 'app', ownerTag: 'owner' };
  const facts = [
    group('web', { tags: { app: 'shop' } }),
    server('i-1', { groupId: 'web', tags: { app: 'shop' } }),
    server('i-2', { tags: { app: 'shop' } }),
    server('i-3', { tags: { app: '' } }),
  ];
  expect(told(facts, of)).toEqual([
    'group web: ami-2 (ami-2) i-1',
    'tag shop: ami-1 (ami-1) i-2',
    'rest Servers without a group: ami-1 (ami-1) i-3',
  ]);
});

test("Slipway's own servers are in no observed farm", () => {
  const isOwn = ({ cloudServerId }: ObservableServer) => cloudServerId === 'i-1';
  expect(told([server('i-1'), server('i-2')], tags, isOwn as never)).toEqual([
    'rest Servers without a group: ami-1 (ami-1) i-2',
  ]);
});

test.each([
  ['the group', { owner: ' a@example.com ' }, [{ owner: 'b' }], 'a@example.com'],
  ['its servers, where they agree', {}, [{ owner: 'b' }, { owner: 'b' }, {}], 'b'],
  ['nobody, where they do not', {}, [{ owner: 'b' }, { owner: 'c' }], null],
  ['nobody', { owner: '' }, [{}], null],
])('the owner is said by %s', (_, own, members, ownerTag) => {
  const servers = members.map((each, index) =>
    server(`i-${index}`, { groupId: 'web', tags: each as Record<string, string> }),
  );
  const [farm] = planObservedFarms([group('web', { tags: own }), ...servers], tags, nobody);
  expect(farm?.ownerTag).toBe(ownerTag);
});

test.each([
  [{ 'aws:cloudformation:stack-name': 'x' }, 'cloudformation'],
  [{ 'Managed-By': 'Terraform' }, 'terraform'],
  [{ Terraform: 'true' }, 'terraform'],
  [{ team: 'terraform' }, null],
  [{}, null],
])('a group with the tags %o is managed by %s', (own, managedBy) => {
  const [farm] = planObservedFarms(
    [group('web', { tags: own as Record<string, string> })],
    tags,
    nobody,
  );
  expect(farm?.managedBy).toBe(managedBy);
});

test('the same facts in another order are the same farms', () => {
  const facts = [
    group('web'),
    server('i-1', { groupId: 'web' }),
    server('i-2', { groupId: 'web', cloudImageId: 'ami-2' }),
    server('i-3'),
    server('i-4', { cloudImageId: 'ami-3' }),
  ];
  const farms = planObservedFarms(facts, tags, nobody);
  expect(planObservedFarms(facts.toReversed(), tags, nobody)).toEqual(farms);
});

test.each([
  ['web-1', 'web-1'],
  ['Web server 1', 'Web-server-1'],
  ['web_1.shop.example.com', 'web-1.shop.example.com'],
  ['-.-', ''],
  ['', ''],
  ['a'.repeat(300), 'a'.repeat(63)],
])('a server that is called %j has the host name %j', (name, hostname) => {
  const [farm] = planObservedFarms([server('i-1', { tags: { Name: name } })], tags, nobody);
  expect(farm?.farmRoles[0]?.servers[0]?.hostname).toBe(hostname);
});

test('what cannot be seen in names and tags is left out', () => {
  const odd = group('web', { name: ' web\u0000\u202e\n1 ', tags: { owner: 'a\u0000b' } });
  const [farm] = planObservedFarms([odd], tags, nobody);
  expect(farm).toMatchObject({ name: 'web 1', ownerTag: 'a b' });
});
