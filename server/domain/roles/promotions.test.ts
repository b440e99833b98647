import { describe, expect, test } from 'vitest';
import {
  mergeNeeded,
  type MovingImage,
  type MovingRole,
  planPromotion,
  type PromotionFacts,
  promotionTarget,
  type Registration,
  toBlockers,
} from './promotions.ts';

const corporate = { scope: 'scalr', account_id: null, environment_id: null } as const;
const account = { scope: 'account', account_id: 1, environment_id: null } as const;
const environment = { scope: 'environment', account_id: 1, environment_id: 11 } as const;
const neighbour = { scope: 'environment', account_id: 1, environment_id: 12 } as const;

test.each([
  ['environment', environment, { scope: 'account', accountId: 1 }],
  ['account', account, { scope: 'scalr' }],
  ['Corporate', corporate, undefined],
])('what is at %s scope moves one scope up', (_, place, target) => {
  expect(promotionTarget(place)).toEqual(target);
});

const os = { os_name: 'Ubuntu 24.04', os_family: 'ubuntu', os_generation: '24.04' };
const image: MovingImage = {
  ...environment,
  ...os,
  id: 'moving',
  name: 'web-1',
  status: 'active' as const,
  deprecated_at: null,
  other_deprecations: [],
  scalr_agent_installed: true,
  cloud_init_installed: false,
  successor: undefined,
};
const registration: Registration = { ...image, ...account, id: 'there', of: 'moving' };
const holder = {
  ...environment,
  ...os,
  id: 7,
  name: 'web',
  use_scalr_agent: true,
  image_id: 'moving',
};
const role: MovingRole = {
  ...environment,
  id: 7,
  name: 'web',
  successor: undefined,
  category: { name: 'Base' },
  categoryThere: { id: 1 },
  namesakes: [],
};

function plan(facts: Partial<PromotionFacts> = {}) {
  return planPromotion({
    target: { scope: 'account', accountId: 1 },
    images: [image],
    registrations: [],
    holders: [],
    ...facts,
  });
}

test('without anything in the way all images move', () => {
  expect(plan({ role })).toEqual({
    refusal: undefined,
    collisions: [],
    moves: ['moving'],
    merges: [],
  });
});

describe('a cloud image that is registered above', () => {
  test('is merged into that registration, if the caller asks for it', () => {
    const made = plan({ registrations: [registration], holders: [holder] });
    expect(made).toMatchObject({
      refusal: undefined,
      moves: [],
      merges: [{ from: 'moving', into: 'there' }],
    });
    expect(mergeNeeded(made)).toMatchObject({ code: 'UnicityViolation' });
    expect(toBlockers(made.collisions)).toEqual([
      { type: 'image', id: 'there', name: 'web-1', scope: 'account', accountId: 1 },
    ]);
  });

  test('the nearest one counts', () => {
    const top = { ...registration, ...corporate, id: 'top' };
    expect(plan({ registrations: [top, registration] }).merges).toEqual([
      { from: 'moving', into: 'there' },
    ]);
    expect(plan({ registrations: [top] }).merges).toEqual([{ from: 'moving', into: 'top' }]);
  });

  test('further down or elsewhere it does not count', () => {
    expect(plan({ registrations: [{ ...registration, ...neighbour }] }).collisions).toEqual([]);
    const other = { ...registration, account_id: 2 };
    expect(plan({ registrations: [other] }).collisions).toEqual([]);
  });

  test.each([
    ['is deprecated', { deprecated_at: new Date() }, {}],
    ['is not active', { status: 'failed' as const }, {}],
    ['has another OS than a role that holds it', {}, { os_family: 'debian' }],
    [
      'has no agent, which a role needs',
      { scalr_agent_installed: false, cloud_init_installed: false },
      {},
    ],
  ])('cannot be merged when that one %s', (_, there, held) => {
    const made = plan({
      registrations: [{ ...registration, ...there }],
      holders: [{ ...holder, ...held }],
    });
    expect(made.refusal).toMatchObject({ code: 'UnicityViolation' });
    expect(made.collisions).toMatchObject([{ refusal: { code: 'UnicityViolation' } }]);
  });

  test.each([
    ['is deprecated', { deprecated_at: new Date() }],
    ['is not active', { status: 'failed' as const }],
  ])('cannot be merged either when that one %s and no role holds the other', (_, there) => {
    const made = plan({ registrations: [{ ...registration, ...there }], holders: [] });
    expect(made.refusal).toMatchObject({ code: 'UnicityViolation' });
  });
});

describe('a role', () => {
  test('cannot be merged with another one of its name', () => {
    const clash = { ...neighbour, id: 9, name: 'web' };
    const made = plan({ role: { ...role, namesakes: [clash] }, registrations: [registration] });
    expect(made.refusal).toMatchObject({ code: 'UnicityViolation' });
    expect(made.collisions.map(({ type }) => type)).toEqual(['role', 'image']);
  });

  test('does not stand in its own way', () => {
    expect(plan({ role: { ...role, namesakes: [role] } }).collisions).toEqual([]);
  });

  test('needs a category there', () => {
    expect(plan({ role: { ...role, categoryThere: undefined } }).refusal).toMatchObject({
      code: 'UnacceptableState',
    });
  });
});

describe('a recommendation', () => {
  const lower = { ...environment, id: 'next', name: 'web-2' };
  test.each([
    ['of the target scope stays in sight', { ...account, id: 'next', name: 'web-2' }, undefined],
    ['of a lower scope would get out of sight', lower, 'UnacceptableState'],
  ])('%s', (_, successor, code) => {
    expect(plan({ images: [{ ...image, successor }] }).refusal?.code).toBe(code);
    expect(plan({ role: { ...role, successor } }).refusal?.code).toBe(code);
  });

  test('that comes along stays in sight', () => {
    const next = { ...image, id: 'next', name: 'web-2' };
    expect(plan({ images: [{ ...image, successor: lower }, next] }).refusal).toBeUndefined();
  });

  test('of an image that gives way to another one does not matter', () => {
    const made = plan({ images: [{ ...image, successor: lower }], registrations: [registration] });
    expect(made.refusal).toBeUndefined();
  });
});
