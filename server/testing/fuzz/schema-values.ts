import fc from 'fast-check';
import { z } from 'zod';
import { hole, reference } from './holes.ts';
import { forms, plainName, poolOfMember, samples } from './sample-values.ts';

export type JsonSchema = { [key: string]: unknown; properties?: Record<string, JsonSchema> };

/** The members of an object, as its schema describes them. */
export function membersOf(schema: z.ZodType) {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return { members: json.properties ?? {}, required: (json.required ?? []) as string[] };
}

/** Names of lists, and of one thing in them, are alike. */
const singular = (name: string) => name.replace(/s$/, '');

/** What a member of a body holds: mostly an id where it has to be one, and what else its schema allows. */
export function valueOf(name: string, schema: JsonSchema): fc.Arbitrary<unknown> {
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  const pool = poolOfMember[name];
  if (pool && schema.properties?.['id']) return reference(pool);
  if (pool && isId(schema)) return hole(pool);
  if (Array.isArray(schema.anyOf))
    return (
      samples[name] ?? fc.oneof(...(schema.anyOf as JsonSchema[]).map((one) => valueOf(name, one)))
    );
  if (schema.type === 'array') {
    const item = valueOf(singular(name), schema.items as JsonSchema);
    return samples[name] ?? fc.array(item, { minLength: 1, maxLength: 3 });
  }
  return samples[name] ?? ofType(schema);
}

function ofType(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'null') return fc.constant(null);
  if (schema.type === 'integer' || schema.type === 'number') return fc.integer({ min: 1, max: 9 });
  if (schema.properties) {
    const members = Object.entries(schema.properties);
    const values = members.map(([name, one]) => [name, valueOf(name, one)] as const);
    const requiredKeys = (schema.required ?? []) as string[];
    return fc.record(Object.fromEntries(values), { requiredKeys });
  }
  return forms[String(schema.format)] ?? plainName;
}

function isId({ type, pattern, maximum }: JsonSchema): boolean {
  const isUuid = type === 'string' && String(pattern).startsWith('^[0-9a-f]{8}-');
  return isUuid || (type === 'integer' && maximum === 2_147_483_647);
}

/** `include` is a list of names in one text; its JSON schema does not say which. */
const includes = fc
  .subarray(['usage', 'actions', 'total', 'images', 'counts'], { minLength: 1 })
  .map((names) => names.slice(0, 2).join(','));
const sorts = fc.constantFrom(
  'name',
  '-name',
  'added',
  '-added',
  'lastUsed',
  '-lastUsed',
  'id',
  '-id',
);
/** Nor does it say of a text that it has to be one of these. */
const words = fc.oneof(plainName, fc.constantFrom('true', 'false', 'ec2', 'us-east-1'));

/** What a parameter of a query or of a path holds. */
export function textFor(name: string, schema: JsonSchema | undefined): fc.Arbitrary<unknown> {
  if (Array.isArray(schema?.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  if (name === 'include') return includes;
  if (name === 'sort') return sorts;
  const pool = poolOfMember[name];
  return pool ? hole(pool) : (samples[name] ?? forms[String(schema?.format)] ?? words);
}
