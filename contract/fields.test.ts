import { describe, expect, test } from 'vitest';
import { description, objectName, reason, titleName } from './fields.ts';
import { apiKeyName } from './people/api-keys.ts';

const refuses = (schema: typeof titleName, text: string) => !schema.safeParse(text).success;

describe('plain text', () => {
  test.each([
    ['a NUL', 'a\u0000b'],
    ['an escape, which a terminal would obey', 'a\u001b[31mb'],
    ['a deletion', 'a\u007fb'],
    ['an escape of eight bits', 'a\u009b31mb'],
    ['half of a surrogate pair', 'a\ud800'],
    ['a mark that turns text around', 'a\u202eb'],
    ['markup', '<b>a</b>'],
    ['the start of a comment', '<!-- a'],
  ])('has no %s', (_, text) => {
    for (const schema of [titleName, apiKeyName, description, reason])
      expect(refuses(schema, text)).toBe(true);
  });

  test('may have any letters, and signs that only look like markup', () => {
    for (const text of ['Größe 3 < 4', 'Ünïcödé', '北京', 'a & b', '🚀'])
      expect(titleName.parse(text)).toBe(text);
  });

  test('is kept in one composition of its letters', () => {
    for (const kind of [description, reason, titleName, apiKeyName])
      expect(kind.parse('Zu\u0308rich')).toBe('Z\u00fcrich');
  });

  test('has line breaks in descriptions and reasons only', () => {
    for (const text of ['a\nb', 'a\r\nb', 'a\tb']) {
      expect(refuses(description, text)).toBe(false);
      expect(refuses(reason, text)).toBe(false);
      expect(refuses(titleName, text)).toBe(true);
      expect(refuses(apiKeyName, text)).toBe(true);
    }
  });
});

describe('the name', () => {
  test.each(['', ' ', ' a', 'a ', 'a'.repeat(101)])('of an account is not "%s"', (text) => {
    expect(refuses(titleName, text)).toBe(true);
  });

  test.each(['a', '-a', 'a-', 'a b', 'a_b', 'a.b', 'ä1', 'a\nb', 'a'.repeat(256)])(
    'of an image is not "%s"',
    (text) => {
      expect(refuses(objectName(255), text)).toBe(true);
    },
  );

  test.each(['a1', 'nginx-1-9', 'A--Z', 'a'.repeat(255)])('of an image may be "%s"', (text) => {
    expect(objectName(255).parse(text)).toBe(text);
  });
});
