import { z } from 'zod';
import { answerSchema, errorEnvelopeSchema } from '../envelope.ts';
import { laterDescription } from './descriptions/answers.ts';
import { describeParameter } from './descriptions/parameters.ts';
import type { OperationSpec } from '../operation.ts';
import { apiBase, operations } from '../operations.ts';
import { schemaNames } from './schema-names.ts';
import { markWriteOnly } from './write-only.ts';

type Json = Record<string, unknown>;

const names = z.registry<{ id: string }>();
for (const [name, schema] of Object.entries(schemaNames)) names.add(schema, { id: name });

const prefix: Record<OperationSpec['levels'][number], string> = {
  global: '/global',
  account: '/account/{accountId}',
  user: '/user/{envId}',
  self: '/self',
};

/** The whole API as OpenAPI 3.1: every operation at every level, those of the signed-in user too. */
export function emitOpenApi(): Json {
  const paths: Record<string, Json> = {};
  const schemas: Json = {};
  for (const spec of Object.values(operations) as OperationSpec[])
    for (const level of spec.levels) {
      const path = apiBase + prefix[level] + spec.path;
      const item = (paths[path] ??= { parameters: pathParameters(path) });
      item[spec.method.toLowerCase()] = { tags: [level], ...toOperation(spec, level, schemas) };
    }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Slipway',
      version: 'v1beta0',
      description:
        'Machine images: browse, promote, replace, and review what still runs old ones. The global level is Corporate scope, the user level an environment.',
    },
    paths,
    components: { schemas, securitySchemes },
    security: [{ session: [] }, { keyId: [], date: [], signature: [] }],
  };
}

const header = (name: string, description: string) => ({
  type: 'apiKey',
  in: 'header',
  name,
  description,
});

const securitySchemes = {
  session: { type: 'apiKey', in: 'cookie', name: 'slipway' },
  keyId: header('X-Scalr-Key-Id', 'The id of an API key.'),
  date: header('X-Scalr-Date', 'The current time in ISO 8601, in UTC, at most 300 seconds off.'),
  signature: header(
    'X-Scalr-Signature',
    'V1-HMAC-SHA256 and the base64 of the HMAC-SHA256 of method, date, path, query and body, a line each.',
  ),
};

function pathParameters(path: string): Json[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    description: describeParameter(name),
  }));
}

function toOperation(spec: OperationSpec, level: string, schemas: Json): Json {
  const content = answer(spec, schemas);
  return {
    operationId: `${level}.${spec.id}`,
    summary: spec.summary,
    parameters: queryParameters(spec),
    ...(spec.body && {
      requestBody: { required: true, content: json(toSchema(spec.body, 'input', schemas)) },
    }),
    responses: {
      [spec.status]: { description: 'Done.', content },
      ...(spec.mayBeLater === true && { 202: { description: laterDescription, content } }),
      default: {
        description: 'A refusal, with its reason.',
        content: json(toSchema(errorEnvelopeSchema, 'output', schemas)),
      },
    },
  };
}

function queryParameters(spec: OperationSpec): Json[] {
  const schema = z.toJSONSchema(spec.query, { io: 'input', unrepresentable: 'any' });
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: 'query',
    required: schema.required?.includes(name) ?? false,
    schema: property,
    description: describeParameter(name),
  }));
}

function answer(spec: OperationSpec, schemas: Json): Json {
  if (spec.kind === 'csv') return { 'text/csv': { schema: { type: 'string' } } };
  const asJson = json(toSchema(answerSchema(spec), 'output', schemas));
  return spec.plain === undefined ? asJson : { ...asJson, 'text/plain': { schema: textSchema } };
}

const textSchema = { type: 'string' };

const json = (schema: unknown): Json => ({ 'application/json': { schema } });

/** Schemas with a name become components, which the others refer to. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const {
    $defs = {},
    $schema: _,
    ...whole
  } = z.toJSONSchema(schema, {
    metadata: names,
    io,
    unrepresentable: 'any',
    override: markWriteOnly('writeOnly'),
  });
  for (const [name, definition] of Object.entries($defs))
    schemas[name] ??= refer(definition as Json);
  return refer(whole);
}

/** References point to the components of the document. */
function refer(schema: Json): Json {
  return JSON.parse(
    JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as Json;
}
