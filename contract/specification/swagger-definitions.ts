import { z } from 'zod';
import { markWriteOnly } from './write-only.ts';
import { concreteTypes, type Resource, resources, schemaNames } from './schema-names.ts';

/** A schema as Swagger 2.0 has it: the part of JSON Schema that clients of this format understand. */
export interface SwaggerSchema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: unknown[];
  items?: SwaggerSchema;
  properties?: Record<string, SwaggerSchema>;
  required?: string[];
  additionalProperties?: SwaggerSchema;
  description?: string;
  readOnly?: boolean;
  'x-nullable'?: boolean;
  /** Names of members that are fixed once the object is there; `scalr-ctl` reads it of the object. */
  'x-createOnly'?: string[];
  'x-filterable'?: string[];
  [keyword: string]: unknown;
}

export type Definitions = Record<string, SwaggerSchema>;

const names = z.registry<{ id: string }>();
for (const [name, schema] of Object.entries(schemaNames)) names.add(schema, { id: name });

/**
 * A schema of the contract for Swagger. Every object gets a definition of its own, since clients follow
 * references and fail on an object that stands inside another.
 * @param name of the definition, where the schema has none yet
 * @param definitions takes the definitions that the schema needs
 * @returns the schema, or a reference to it
 */
export function toSwaggerSchema(
  schema: z.ZodType,
  name: string,
  definitions: Definitions,
): SwaggerSchema {
  // In a list, a schema that has a name is referred to like any other.
  const { definitions: named = {}, items } = z.toJSONSchema(z.array(schema), {
    metadata: names,
    io: 'output',
    target: 'openapi-3.0',
    unrepresentable: 'any',
    override: markWriteOnly('x-writeOnly'),
  }) as SwaggerSchema & { definitions?: Definitions };
  for (const [known, definition] of Object.entries(named)) {
    define(known, describe(known, simplify(definition, known, definitions)), definitions);
    for (const type of concreteTypes[known]?.types ?? []) {
      const concrete = schemaNames[type];
      if (concrete) toSwaggerSchema(concrete, type, definitions);
    }
  }
  return hoist(items ?? {}, name, definitions);
}

/** The object becomes a definition, and a reference to it is left. */
function hoist(schema: SwaggerSchema, name: string, definitions: Definitions): SwaggerSchema {
  const simple = simplify(schema, name, definitions);
  if (simple.properties === undefined) return simple;
  const { 'x-nullable': nullable, ...definition } = simple;
  // The category of a Role is not the definition of a RoleCategory.
  const own = name in schemaNames ? `${name}Reference` : name;
  define(own, definition, definitions);
  return { $ref: `#/definitions/${own}`, ...(nullable === true && { 'x-nullable': true }) };
}

/** @throws Error when two different objects would have one name */
function define(name: string, definition: SwaggerSchema, definitions: Definitions): void {
  const before = definitions[name];
  if (before !== undefined && JSON.stringify(before) !== JSON.stringify(definition))
    throw new Error(`Two different objects would be called ${name} in the specification`);
  definitions[name] = definition;
}

/** Leaves out what Swagger 2.0 does not have. */
function simplify(schema: SwaggerSchema, name: string, definitions: Definitions): SwaggerSchema {
  const { nullable, anyOf, additionalProperties, properties, items, ...rest } = schema;
  // Either of several: Swagger cannot say it, so it says nothing.
  const simple: SwaggerSchema = anyOf === undefined ? withoutNoise(rest) : {};
  if (nullable === true) simple['x-nullable'] = true;
  if (items) simple.items = hoist(items, `${name}Item`, definitions);
  if (properties)
    simple.properties = Object.fromEntries(
      Object.entries(properties).map(([key, property]) => [
        key,
        hoist(property, `${name}${key[0]?.toUpperCase()}${key.slice(1)}`, definitions),
      ]),
    );
  if (typeof additionalProperties === 'object')
    simple.additionalProperties = hoist(additionalProperties, `${name}Value`, definitions);
  return simple;
}

/** Limits of JavaScript's numbers, and the pattern of a date, tell a client nothing. */
function withoutNoise(schema: SwaggerSchema): SwaggerSchema {
  const { id: _name, minimum, maximum, pattern, ...rest } = schema;
  const isRange = Math.abs(Number(minimum ?? 0)) < Number.MAX_SAFE_INTEGER;
  return {
    ...rest,
    ...(minimum !== undefined && isRange && { minimum }),
    ...(maximum !== undefined && Number(maximum) < Number.MAX_SAFE_INTEGER && { maximum }),
    ...(pattern !== undefined && rest.format !== 'date-time' && { pattern }),
  };
}

/** Says of each member of a resource who may set it, and when. */
function describe(name: string, definition: SwaggerSchema): SwaggerSchema {
  const resource: Resource | undefined = resources[name];
  if (!resource || !definition.properties) return definition;
  const { readOnly, createOnly, required, filters } = resource;
  // What must be answered is not what must be sent: creation names what it needs.
  const { required: _answered, properties: members, ...rest } = definition;
  const properties = Object.entries(members).map(([key, property]) => [
    key,
    {
      ...property,
      ...(readOnly.includes(key) && { readOnly: true }),
    },
  ]);
  return {
    ...rest,
    ...(required.length > 0 && { required: [...required] }),
    ...(createOnly.length > 0 && { 'x-createOnly': [...createOnly] }),
    properties: Object.fromEntries(properties) as Record<string, SwaggerSchema>,
    'x-filterable': filters,
    ...polymorphism(name),
  };
}

/** As Scalr spells it: `scalr-ctl` reads of the type that an object names what may be sent of it. */
function polymorphism(name: string): SwaggerSchema {
  const of = concreteTypes[name];
  if (!of) return {};
  const references = of.types.map((type) => ({ $ref: `#/definitions/${type}` }));
  return { discriminator: of.discriminator, 'x-concreteTypes': references };
}
