import { z } from 'zod';
import { scopes } from './scope.ts';

// Text that would break a log, a terminal, a page or a database has no business in a name or a description.
const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const markup = /<\/?[a-z!]/i;

/** What is wrong with a text, or undefined. Rules: docs/domain.md, "Text". */
export function textProblem(value: string): string | undefined {
  if (!value.isWellFormed()) return 'has half of a surrogate pair: send valid Unicode';
  if (controlCharacters.test(value)) return 'has control characters: remove them';
  if (bidiControls.test(value))
    return 'has characters that reverse the direction of text: remove them';
  if (markup.test(value)) return 'has markup: send plain text without < before a letter';
  return undefined;
}

/** Plain text of at most `max` characters. */
export function text(max: number): z.ZodString {
  return z
    .string()
    .max(max, `must have at most ${max} characters`)
    .check((payload) => {
      const problem = textProblem(payload.value);
      if (problem) payload.issues.push({ code: 'custom', message: problem, input: payload.value });
    });
}

const namePattern = /^[A-Za-z0-9]+[A-Za-z0-9-]*[A-Za-z0-9]+$/;

/** Name of an Image (at most 255 characters) or a Role (100): docs/domain.md, "Names". */
export function objectName(max: number): z.ZodString {
  return z
    .string()
    .min(2, 'must have at least 2 characters')
    .max(max, `must have at most ${max} characters`)
    .regex(
      namePattern,
      'may have letters, digits and dashes only, and must start and end with a letter or a digit',
    );
}

/** Name of an account, environment or farm: any plain text, without spaces around it. */
export const titleName = text(100)
  .min(1, 'must not be empty')
  .refine((value) => value === value.trim() && value !== '', 'must not start or end with spaces');

export const description = text(4000);
export const reason = text(1000);

const largestId = 2_147_483_647;

/** A numeric id in a body. scalr-ctl sends what was typed as an option, and that is text. */
export const id = z.preprocess(
  (value) =>
    typeof value === 'string' && /^[1-9][0-9]{0,15}$/.test(value) ? Number(value) : value,
  z
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(largestId, 'is not an id: too large'),
);

/** A numeric id in a path or a query. */
export const idText = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/, 'must be a whole number, 1 or more')
  .transform(Number)
  .refine((value) => value <= largestId, 'is not an id: too large');

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ids of Images, Servers and Replacements: a UUID, its case does not matter. */
export const uuid = z
  .string()
  .regex(uuidPattern, 'must be a UUID such as 0b6f6fd0-6a34-4b7e-9a2e-5f1d7c1f0a11')
  .toLowerCase();

/** Id of an operating system, e.g. `ubuntu-16-04`. */
export const osId = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,25}$/, 'must be the id of an OS, such as ubuntu-24-04');

/** A scope by its name on the wire. */
export const scopeSchema = z.enum(scopes);

/** A point in time, ISO 8601 in UTC. */
export const time = z.iso.datetime();

/** A boolean in a query: true, false, 1 or 0, in any case: Python says `True`. */
export const booleanText = z.stringbool({
  truthy: ['true', '1'],
  falsy: ['false', '0'],
  case: 'insensitive',
  error: 'must be true or false',
});

/** What a member refers to: `{ "id": ... }`; on the way in the bare id does too. */
export function reference<Id extends z.ZodType>(idSchema: Id) {
  return z.object({ id: idSchema });
}

/** The lenient form of a reference for bodies: `{ "id": 5 }` and `5` mean the same. */
export function referenceInput<Id extends z.ZodType>(idSchema: Id) {
  return z.preprocess(
    (value) => (typeof value === 'object' && value !== null ? value : { id: value }),
    z.strictObject({ id: idSchema }),
  );
}
