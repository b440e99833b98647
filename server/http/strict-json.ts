import { type ParseError, printParseErrorCode, visit } from 'jsonc-parser';
import { ApiError } from '#contract/errors.ts';
import { shorten } from './shorten.ts';

const maxDepth = 32;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Parses a request body as JSON, more strictly than JSON.parse: valid UTF-8 without a mark, no member twice (the last
 * would silently win), at most 32 levels, and an object at the top.
 * @throws ApiError InvalidStructure, BadRequest
 */
export function parseBody(body: Buffer | undefined): unknown {
  if (body === undefined || body.length === 0) return undefined;
  const text = decode(body);
  check(text);
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ApiError(
      'InvalidStructure',
      'The body must be a JSON object, such as {"name": "nginx-1-9"}.',
    );
  return value;
}

function decode(body: Buffer): string {
  if (body.subarray(0, 3).equals(byteOrderMark))
    throw new ApiError(
      'BadRequest',
      'The body starts with a byte-order mark, which JSON has not. Send plain UTF-8.',
    );
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new ApiError('BadRequest', 'The body is not valid UTF-8. Send JSON in UTF-8.');
  }
}

/** One pass over the text, without building anything: it also guards JSON.parse against deep nesting. */
function check(text: string): void {
  const members: Set<string>[] = [];
  let depth = 0;
  const enter = () => {
    depth += 1;
    if (depth > maxDepth)
      throw new ApiError('InvalidStructure', `The body is nested deeper than ${maxDepth} levels.`);
  };
  visit(
    text,
    {
      onObjectBegin: () => {
        enter();
        members.push(new Set());
      },
      onObjectEnd: () => {
        depth -= 1;
        members.pop();
      },
      onArrayBegin: enter,
      onArrayEnd: () => {
        depth -= 1;
      },
      onObjectProperty: (name) => {
        const seen = members.at(-1);
        if (seen?.has(name)) {
          const field = shorten(name);
          throw new ApiError(
            'InvalidStructure',
            `The body has "${field}" twice in one object. Send it once.`,
            { field },
          );
        }
        seen?.add(name);
      },
      onError: (error: ParseError['error'], offset) => {
        throw new ApiError(
          'InvalidStructure',
          `The body is not valid JSON: ${printParseErrorCode(error)} at character ${offset + 1}.`,
        );
      },
    },
    { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false },
  );
}
