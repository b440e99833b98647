import { describe, expect, it } from 'vitest';

import { objectState } from './object-state.ts';
import { reasonAgainst } from './verdicts.ts';

describe('a verdict', () => {
  it('allows what the server allows, and nothing before it has said so', () => {
    expect(reasonAgainst({ allowed: true })).toBeUndefined();
    expect(reasonAgainst(undefined)).toBe('Not known yet whether this is possible.');
  });

  it('gives the reason of the server, and always a sentence', () => {
    expect(reasonAgainst({ allowed: false, reason: 'It is used.' })).toBe('It is used.');
    expect(reasonAgainst({ allowed: false })).toBe('This is not possible here.');
  });
});

describe('the state that is shown', () => {
  it.each([
    ['active', false, 'active'],
    ['active', true, 'deprecated'],
    ['failed', true, 'failed'],
    ['pending_copy', true, 'copying'],
    ['pending_delete', true, 'deleting'],
    [undefined, true, 'deprecated'],
    [undefined, undefined, 'active'],
  ])('of an object that is %s, deprecated: %s, is %s', (status, deprecated, state) => {
    expect(objectState({ status, deprecated })).toBe(state);
  });
});
