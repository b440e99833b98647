import { z } from 'zod';
import { scopes } from './scope.ts';

// Text that would break a log, a terminal, a page or a database has no business in a name or a description.
const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
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

/** A text of a bounded length. One that is too long is not looked at any further: patterns cost time. */
export function bounded(max: number, min = 0): z.ZodString {
  const atMost = z.string().max(max, { error: `must have at most ${max} characters`, abort: true });
  if (min === 0) return atMost;
  const error = min === 1 ? 'must not be empty' : `must have at least ${min} characters`;
  return atMost.min(min, { error, abort: true });
}

/** Plain text of at most `max` characters: one spelling for what looks the same (NFC). */
export function text(max: number, min = 0): z.ZodString {
  return bounded(max, min)
    .check((payload) => {
      const problem = textProblem(payload.value);
      if (problem) payload.issues.push({ code: 'custom', message: problem, input: payload.value });
    })
    .normalize('NFC');
}

const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;

/** Name of an Image (at most 255 characters) or a Role (100): docs/domain.md, "Names". */
export function objectName(max: number): z.ZodString {
  return bounded(max, 2).regex(
    namePattern,
    'may have letters, digits and dashes only, and must start and end with a letter or a digit',
  );
}

// Line breaks and tabs, what joins or hides characters, and letters that are drawn as nothing.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/u;

/** One line of visible text. */
export function line(max: number, min = 0): z.ZodString {
  return text(max, min).refine((value) => !unseen.test(value), {
    error: 'has a line break, a tab or an invisible character: remove it',
  });
}

/** A name in any letters. */
export function title(max: number): z.ZodString {
  return line(max, 1).refine(
    (value) => value === value.trim(),
    'must not start or end with spaces',
  );
}

/** Name of an account, environment, farm or project. Compared without regard to case: docs/domain.md, "Names". */
export const titleName = title(100);

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

/** An address that mail can go to. It is one line: what follows a line break would be taken for another recipient. */
export const mailAddress = z.email();

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
