import { describe, expect, it } from 'vitest';
import { normalPassword, passwordProblem } from './passwords.ts';

describe('a password', () => {
  it.each([
    'blue-tram9',
    'correct horse battery staple',
    'only small letters here',
    '8675309 4142 77',
    '4821937a',
    'кофе на рассвете',
    '🦊🐢🦉🐙🐝🦀🐬🦔',
    'x9'.repeat(3) + 'kd',
    `${'a long sentence about nothing much '.repeat(3)}!`,
  ])('%s is accepted: nothing is demanded of what it is made of', (password) => {
    expect(passwordProblem(password)).toBeUndefined();
  });

  it.each(['blue-tr', '🦊🐢🦉🐙🐝🦀🐬', 'é'.normalize('NFD').repeat(7)])(
    '%s is too short: characters count, not bytes',
    (password) => {
      expect(passwordProblem(password)).toContain('at least 8');
    },
  );

  it.each([
    'password',
    'Password2024!',
    'P@ssw0rd1',
    'passwordpassword',
    'qwertyuiop',
    'QWERTZUIOP',
    '12345678',
    '1234567890',
    '87654321',
    'abcdefgh',
    'letmein!!',
    'Slipway2026',
    '!!welcome!!',
    '20252026',
    'iloveyou1',
    'ＰＡＳＳＷＯＲＤ',
  ])('%s is refused, since it is tried first', (password) => {
    expect(passwordProblem(password)).toContain('tried first');
  });

  it('of one or two characters is refused however long', () => {
    expect(passwordProblem('a'.repeat(40))).toContain('repeats');
    expect(passwordProblem('ab'.repeat(20))).toContain('repeats');
  });

  it('is not the name or the address of its owner', () => {
    const own = ['Ann.Miller@example.com', 'Ann Miller'];
    for (const password of ['ann.miller', 'AnnMiller1', 'ann.miller@example.com', 'ann miller!'])
      expect(passwordProblem(password, own), password).toContain('your own');
    expect(passwordProblem('ann rides trams', own)).toBeUndefined();
  });

  it('is the same on every keyboard', () => {
    expect(normalPassword('cafe\u0301')).toBe(normalPassword('caf\u00e9'));
  });
});
