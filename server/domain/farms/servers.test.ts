import { expect, test } from 'vitest';
import { serverStatuses } from '#contract/farms/statuses.ts';
import { planServerStep, type ServerFacts, type ServerVerb } from './servers.ts';

function server(values: Partial<ServerFacts> = {}): ServerFacts {
  const id = '0b6f6fd0-6a34-4b7e-9a2e-5f1d7c1f0a11';
  const facts = {
    id,
    status: 'running',
    image_id: '1c6f6fd0-6a34-4b7e-9a2e-5f1d7c1f0a22',
    farm_status: 'running',
    cloud_platform: 'ec2',
    image_type: 'ebs',
  } as const;
  return { ...facts, builtin_automation: ['base'], ...values };
}

/** What each verb makes of a server in each state; what is left out is refused. */
const table: Record<ServerVerb, Partial<Record<ServerFacts['status'], string>>> = {
  reboot: {
    pending: 'pending',
    initializing: 'initializing',
    running: 'running',
    resuming: 'resuming',
  },
  suspend: { running: 'pending_suspend' },
  resume: { suspended: 'resuming' },
  terminate: {
    pending_launch: 'pending_terminate',
    pending: 'pending_terminate',
    initializing: 'pending_terminate',
    running: 'pending_terminate',
    resuming: 'pending_terminate',
    pending_suspend: 'pending_terminate',
    suspended: 'pending_terminate',
  },
};
const cases = (Object.keys(table) as ServerVerb[]).flatMap((verb) =>
  serverStatuses.map((status) => [verb, status, table[verb][status]] as const),
);

test.each(cases)('to %s a server that is %s leads to %s', (verb, status, to) => {
  const plan = planServerStep(server({ status }), verb);
  expect(plan).toMatchObject(to === undefined ? { code: 'UnacceptableState' } : { to });
});

test.each([
  ['suspend', { image_type: 'instance-store-hvm' }, 'ConfigurationMismatch'],
  ['suspend', { builtin_automation: ['base', 'rabbitmq'] }, 'ConfigurationMismatch'],
  ['suspend', { builtin_automation: ['mysql'], status: 'suspended' }, 'ConfigurationMismatch'],
  ['reboot', { cloud_platform: 'azure' }, 'NotImplemented'],
] as const)('what no cloud can do to a server is refused: %s %o', (verb, values, code) => {
  expect(planServerStep(server(values as Partial<ServerFacts>), verb)).toMatchObject({ code });
});

test('no server of a suspended farm runs on its own', () => {
  const asleep = server({ status: 'suspended', farm_status: 'suspended' });
  expect(planServerStep(asleep, 'resume')).toMatchObject({ code: 'UnacceptableState' });
  expect(planServerStep(asleep, 'terminate')).toEqual({ to: 'pending_terminate' });
});

test('a server that no cloud was asked for ends at once', () => {
  const waiting = server({ status: 'pending_launch', image_id: null });
  expect(planServerStep(waiting, 'terminate')).toEqual({ to: 'terminated' });
});

test('clouds without a forced termination refuse one, and terminate otherwise', () => {
  const openstack = server({ cloud_platform: 'openstack' });
  expect(planServerStep(openstack, 'terminate', { force: true })).toMatchObject({
    code: 'InvalidValue',
    field: 'force',
  });
  expect(planServerStep(openstack, 'terminate', { force: false })).toEqual({
    to: 'pending_terminate',
  });
  expect(planServerStep(server(), 'terminate', { force: true })).toEqual({
    to: 'pending_terminate',
  });
});
