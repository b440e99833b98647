import { describe, expect, it } from 'vitest';
import {
  decideSecondStep,
  findPasskeyRemovalRefusal,
  findSecondStepRefusal,
  isCountedBack,
  type OtherWays,
  type SecondStepFacts,
} from './passkeys.ts';

const password: SecondStepFacts = {
  by: 'password',
  isChosen: false,
  isDemanded: false,
  passkeys: 1,
};

// docs/domain.md, "Passkeys".
describe('after a password or a link of one’s own', () => {
  it.each<[string, Partial<SecondStepFacts>, ReturnType<typeof decideSecondStep>]>([
    ['nothing more is asked for, unless somebody wants it', {}, 'none'],
    ['a passkey is, where its user chose that', { isChosen: true }, 'passkey'],
    ['a passkey is, where it is demanded', { isDemanded: true }, 'passkey'],
    ['who has none is not let in by a password', { isDemanded: true, passkeys: 0 }, 'missing'],
    ['nor where they chose it and it is gone', { isChosen: true, passkeys: 0 }, 'missing'],
    ['a link that one has sent takes it too', { by: 'own-link', isChosen: true }, 'passkey'],
    ['also where it is demanded', { by: 'own-link', isDemanded: true }, 'passkey'],
    [
      'who has none comes in by a link, to make one',
      { by: 'own-link', isDemanded: true, passkeys: 0 },
      'none',
    ],
    [
      'but not who chose to have one asked for',
      { by: 'own-link', isChosen: true, isDemanded: true, passkeys: 0 },
      'missing',
    ],
  ])('%s', (_, facts, decision) => {
    expect(decideSecondStep({ ...password, ...facts })).toBe(decision);
  });
});

it.each([
  [0, 0, false],
  [0, 1, false],
  [7, 8, false],
  [7, 7, true],
  [7, 6, true],
  [7, 0, true],
])('an authenticator that was at %i and says %i counts back: %s', (known, told, isBack) => {
  expect(isCountedBack(known, told)).toBe(isBack);
});

const nothing: OtherWays = {
  passkeys: 0,
  hasPassword: false,
  hasProvider: false,
  hasMail: false,
  isChosen: false,
  isDemanded: false,
};

describe('a passkey', () => {
  it.each<Partial<OtherWays>>([
    { passkeys: 1 },
    { passkeys: 1, isChosen: true },
    { hasPassword: true },
    { hasProvider: true },
    { hasMail: true },
    { hasProvider: true, isDemanded: true },
  ])('can go where there is %j', (others) => {
    expect(findPasskeyRemovalRefusal({ ...nothing, ...others })).toBeUndefined();
  });

  it.each<Partial<OtherWays>>([
    {},
    // A password alone lets nobody in then.
    { hasPassword: true, isDemanded: true },
    { hasPassword: true, hasMail: true, isChosen: true },
  ])('stays where there is nothing but %j', (others) => {
    expect(findPasskeyRemovalRefusal({ ...nothing, ...others })).toMatchObject({
      code: 'UnacceptableState',
    });
  });

  it('is asked for of nobody who has none', () => {
    expect(findSecondStepRefusal(0)).toMatchObject({ code: 'UnacceptableState' });
    expect(findSecondStepRefusal(1)).toBeUndefined();
  });
});
