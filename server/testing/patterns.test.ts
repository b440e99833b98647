import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operations } from '#contract/operations.ts';

// A pattern that goes back and forth over a text takes longer than the server may stand still.

const largestBodyBytes = 1_048_576;

/** Every schema below one, itself included. */
function allSchemas(root: z.core.$ZodType): Set<z.core.$ZodType> {
  const found = new Set<z.core.$ZodType>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (value instanceof z.core.$ZodType) {
      if (found.has(value)) return;
      found.add(value);
      visit(Object.values(value._zod.def));
      return;
    }
    for (const part of Object.values(value)) visit(part);
  };
  visit(root);
  return found;
}

const schemas = new Set(
  Object.values(operations).flatMap((spec) =>
    [spec.params, spec.query, 'body' in spec ? spec.body : undefined].flatMap((schema) =>
      schema ? [...allSchemas(schema)] : [],
    ),
  ),
);

const patterns = new Map<string, RegExp>();
for (const schema of schemas)
  for (const check of schema._zod.def.checks ?? []) {
    const { pattern } = check._zod.def as { pattern?: unknown };
    if (pattern instanceof RegExp) patterns.set(String(pattern), pattern);
  }

/** What makes patterns try again: as much as fits of what they take, and an end that they do not. */
const repeated = ['a', 'A', '0', '-', ' ', '.', 'a.', 'a-', 'a@', '@', 'é', '\n', 'APIK', '0-'];
const worst = repeated.flatMap((piece) => {
  const long = piece.repeat(largestBodyBytes / piece.length);
  return [long, `${long}!`, `!${long}`, `a${long}\u0000`];
});

describe('no text that a request can carry keeps the server busy', () => {
  it('finds the patterns of the contract', () => expect(patterns.size).toBeGreaterThan(10));

  it.each([...patterns.values()])('%s', (pattern) => {
    for (const text of worst)
      // The time limit ends a pattern that would not end.
      runInNewContext('pattern.test(text)', { pattern, text }, { timeout: 2_000 });
  });

  it('a text that is too long is refused for its length alone', () => {
    const texts = [...schemas].filter(
      (schema): schema is z.ZodString =>
        schema instanceof z.ZodString && typeof schema.maxLength === 'number',
    );
    expect(texts.length).toBeGreaterThan(5);
    for (const schema of texts) {
      const { error } = schema.safeParse('!'.repeat(largestBodyBytes));
      expect(error?.issues.map((issue) => issue.code)).toEqual(['too_big']);
    }
  });
});
