import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export type Json = Record<string, unknown>;
/** @returns what is wrong with a value, or undefined */
export type Check = (value: unknown) => string | undefined;

/**
 * Checks against the schemas of a specification, read strictly: a member that no schema names is wrong,
 * though JSON Schema would let it pass.
 * @param document Swagger 2.0, or OpenAPI 3.1
 */
export function openSchemas(document: Json): (pointer: string) => Check {
  const options = { strict: false, allErrors: true, code: { optimize: false } };
  const ajv = 'swagger' in document ? new Ajv(options) : new Ajv2020(options);
  addFormats.default(ajv);
  ajv.addSchema(closed(document) as Json, 'specification');
  // Compiled when it is needed first, and once for all places that say the same: most is never needed.
  const known = new Map<string, ReturnType<typeof ajv.compile>>();
  return (pointer) => (value) => {
    const text = JSON.stringify(find(document, pointer));
    const validate = known.get(text) ?? ajv.compile({ $ref: `specification${pointer}` });
    known.set(text, validate);
    if (validate(value)) return undefined;
    return ajv.errorsText(validate.errors, { separator: '\n' });
  };
}

/** The part of a document that a JSON pointer such as `#/paths/~1os~1/get` leads to. */
export function find(document: Json, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, part) => (at as Json | undefined)?.[part], document);
}

export const escaped = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** Closes objects whose members are named, and writes Swagger's `x-nullable` as JSON Schema has it. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const schema = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, closed(member)]),
  ) as Json;
  const isObject = schema['type'] === 'object' && 'properties' in schema;
  if (isObject) schema['additionalProperties'] ??= false;
  return schema['x-nullable'] === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}
