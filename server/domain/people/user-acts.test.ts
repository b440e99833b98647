import { describe, expect, it } from 'vitest';
import { findChiefRefusal, findUserActRefusal, type UserAct, type UserFacts } from './user-acts.ts';

const ann: UserFacts = {
  name: 'Ann',
  status: 'active',
  isExpected: false,
  isSelf: false,
  beyond: 0,
  farmsBeyond: 0,
};
const suspended = { status: 'suspended' } as const;
const invited = { isExpected: true };

// docs/domain.md, "People".
describe('what an administrator may do with a user', () => {
  it.each<[UserAct, Partial<UserFacts>]>([
    ['suspend', {}],
    ['restore', suspended],
    ['remove', {}],
    ['remove', suspended],
    ['endSessions', {}],
    ['endSessions', { isSelf: true }],
    ['suspend', { farmsBeyond: 1 }],
    ['resetSignIn', {}],
    ['invite', invited],
  ])('%s is possible with %j', (act, facts) => {
    expect(findUserActRefusal(act, { ...ann, ...facts }, 'account')).toBeUndefined();
  });

  it.each<[UserAct, Partial<UserFacts>, string, RegExp]>([
    ['suspend', { beyond: 1 }, 'PermissionViolation', /rights outside of this account/],
    ['restore', { ...suspended, beyond: 1 }, 'PermissionViolation', /outside/],
    ['endSessions', { beyond: 1 }, 'PermissionViolation', /outside/],
    ['invite', { ...invited, beyond: 1 }, 'PermissionViolation', /outside/],
    ['remove', { farmsBeyond: 1 }, 'PermissionViolation', /farms outside of this account/],
    ['suspend', suspended, 'UnacceptableState', /suspended already/],
    ['restore', {}, 'UnacceptableState', /not suspended/],
    ['suspend', { isSelf: true }, 'UnacceptableState', /suspend yourself/],
    ['remove', { isSelf: true }, 'UnacceptableState', /remove yourself/],
    ['invite', {}, 'UnacceptableState', /has signed in/],
    ['invite', { ...invited, ...suspended }, 'UnacceptableState', /is suspended/],
    ['resetSignIn', { beyond: 1 }, 'PermissionViolation', /rights outside/],
    ['resetSignIn', { isSelf: true }, 'UnacceptableState', /yourself/],
    ['resetSignIn', suspended, 'UnacceptableState', /Restore them first/],
    ['resetSignIn', invited, 'UnacceptableState', /invitation/],
    ['resetSignIn', { status: 'left' }, 'UnacceptableState', /has left/],
    ['restore', { status: 'left' }, 'UnacceptableState', /has left/],
    ['remove', { status: 'left' }, 'UnacceptableState', /has left/],
  ])('%s is refused with %j', (act, facts, code, reason) => {
    const refusal = findUserActRefusal(act, { ...ann, ...facts }, 'account');
    expect(refusal).toMatchObject({ code, reason: expect.stringMatching(reason) });
  });
});

it('Corporate keeps an administrator', () => {
  expect(findChiefRefusal(1)).toBeUndefined();
  expect(findChiefRefusal(0)).toMatchObject({ code: 'UnacceptableState' });
});
