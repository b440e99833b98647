import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findNameRefusal, fitsTemplate, readTemplate } from './names.ts';

function fits(name: string, text: string): boolean {
  const template = readTemplate(text);
  if ('code' in template) throw new Error(template.reason);
  return fitsTemplate(name, template);
}

test.each([
  // The advice of docs/domain.md, "Names".
  ['nginx-1-9', '{software}-{version}', true],
  ['ubuntu-16-04-1', '{software}-{version}', true],
  ['fedora-coreos-44', '{software}-{version}', true],
  ['nginx', '{software}-{version}', false],
  ['1-9', '{software}-{version}', false],
  ['nginx-1-9-final', '{software}-{version}', false],
  ['nginx-v2', '{software}-{version}', false],
  ['nginx-20260728', '{word}-{date}', true],
  ['nginx-20260230', '{word}-{date}', false],
  ['nginx-web-20260728', '{word}-{date}', false],
  ['team-a-nginx-1', 'team-{word}-{software}-{number}', true],
  ['TEAM-a-nginx-1', 'team-{word}-{software}-{number}', true],
  ['crew-a-nginx-1', 'team-{word}-{software}-{number}', false],
  ['a-b-c', '{any}', true],
  ['a--b', '{word}-{word}', false],
  ['golden-x-1-2-3', 'golden-{any}-3', true],
])('%s fits %s: %s', (name, template, expected) => {
  expect(fits(name, template)).toBe(expected);
});

test.each(['', '{software', '{Software}', '{nothing}', 'a--b', 'a_b', '(a+)+', '{constructor}'])(
  'the pattern "%s" is refused, and the refusal says what parts there are',
  (text) => {
    const template = readTemplate(text);
    expect(template).toMatchObject({ code: 'InvalidValue', field: 'rule.template' });
    expect('reason' in template && template.reason).toContain('{software}');
  },
);

test('a pattern of too many parts is refused', () => {
  expect(readTemplate(Array(21).fill('a').join('-'))).toHaveProperty('code', 'InvalidValue');
});

test('no pattern takes long, whatever the name', () => {
  const template = Array(20).fill('{any}').join('-');
  const name = Array(128).fill('a').join('-');
  const began = process.cpuUsage().user;
  for (let i = 0; i < 100; i += 1) expect(fits(`${name}-!`, `${template}`)).toBe(true);
  // A matcher that tries one way after another would not come to an end.
  expect(process.cpuUsage().user - began).toBeLessThan(5_000_000);
});

test('matching agrees with the regular expression that a pattern stands for', () => {
  const meant: Record<string, string> = {
    '{software}': '[0-9a-z]*[a-z][0-9a-z]*(?:-[0-9a-z]*[a-z][0-9a-z]*)*',
    '{word}': '[0-9a-z]*[a-z][0-9a-z]*',
    '{version}': '[0-9]+(?:-[0-9]+)*',
    '{number}': '[0-9]+',
    '{any}': '[0-9a-z]+(?:-[0-9a-z]+)*',
    ab: 'ab',
  };
  const parts = fc.array(fc.constantFrom(...Object.keys(meant)), { minLength: 1, maxLength: 4 });
  const names = fc.array(fc.constantFrom('a', 'ab', '1', '20', 'a1'), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(parts, names, (template, name) => {
      const pattern = new RegExp(`^${template.map((part) => meant[part]).join('-')}$`);
      expect(fits(name.join('-'), template.join('-'))).toBe(pattern.test(name.join('-')));
    }),
    { numRuns: 2_000 },
  );
});

test('the refusal of a name says which policy demands what', () => {
  const policies = [
    { name: 'Ours', template: '{any}' },
    { name: 'Theirs', template: '{software}-{version}' },
  ];
  expect(findNameRefusal('nginx-1', policies)).toBeUndefined();
  expect(findNameRefusal('nginx', policies)).toMatchObject({
    code: 'InvalidValue',
    field: 'name',
    reason: expect.stringContaining('"Theirs" demands: {software}-{version}') as string,
  });
});
