import { z } from 'zod';
import { cliRoutes } from './cli-routes.ts';
import { answerSchema, errorEnvelopeSchema } from '../envelope.ts';
import { laterDescription } from './descriptions/answers.ts';
import { bodyNames, describeParameter } from './descriptions/parameters.ts';
import type { OperationSpec } from '../operation.ts';
import { apiBase, type OperationId, operations } from '../operations.ts';
import type { Level } from '../scope.ts';
import { type Definitions, type SwaggerSchema, toSwaggerSchema } from './swagger-definitions.ts';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'body';
  description: string;
  required: boolean;
  type?: 'string';
  enum?: unknown[];
  schema?: SwaggerSchema;
}

interface SwaggerOperation {
  operationId: string;
  description: string;
  parameters: Parameter[];
  responses: Record<string, { description: string; schema: SwaggerSchema }>;
}

interface PathItem {
  parameters: Parameter[];
  [method: string]: SwaggerOperation | Parameter[];
}

export interface Swagger {
  swagger: '2.0';
  info: { title: string; version: string; description: string };
  basePath: string;
  consumes: string[];
  produces: string[];
  paths: Record<string, PathItem>;
  definitions: Definitions;
}

const scopeParameter: Partial<Record<Level, string>> = { account: 'accountId', user: 'envId' };

/** The specification of one level, from the table of operations: what `scalr-ctl` downloads. */
export function emitSwagger(level: Level): Swagger {
  const definitions: Definitions = {};
  const paths: Record<string, PathItem> = {};
  for (const spec of listedOperations(level)) {
    const scope = scopeParameter[level];
    const path = scope === undefined ? spec.path : `/{${scope}}${spec.path}`;
    const item = (paths[path] ??= { parameters: pathParameters(path) });
    item[spec.method.toLowerCase()] = toOperation(spec, definitions);
  }
  return {
    swagger: '2.0',
    info: {
      title: `Slipway, ${level} level`,
      version: 'v1beta0',
      description: 'Machine images: browse, promote, replace, and review what still runs old ones.',
    },
    basePath: `${apiBase}/${level}`,
    consumes: ['application/json'],
    produces: ['application/json'],
    paths: sorted(paths),
    definitions: sorted(definitions),
  };
}

/** Those of a level whose path has every method that the command line needs there. */
function listedOperations(level: Level): OperationSpec[] {
  const specs = (Object.values(operations) as OperationSpec[]).filter(
    (spec) => spec.levels.includes(level) && spec.kind !== 'csv',
  );
  const served = (path: string, method: string) =>
    specs.some((spec) => spec.path === path && spec.method === method);
  return specs.filter(({ path }) =>
    (cliRoutes[level][path] ?? '')
      .split(' ')
      .every((method) => method === '' || served(path, method)),
  );
}

function pathParameters(path: string): Parameter[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    type: 'string',
    description: describeParameter(name),
  }));
}

function toOperation(spec: OperationSpec, definitions: Definitions): SwaggerOperation {
  const schema = envelope(spec, definitions);
  return {
    operationId: spec.id,
    description: spec.summary,
    parameters: [...queryParameters(spec), ...bodyParameter(spec, definitions)],
    responses: {
      [spec.status]: { description: spec.summary, schema },
      ...(spec.mayBeLater === true && { 202: { description: laterDescription, schema } }),
      default: {
        description: 'A refusal, with its reason.',
        schema: toSwaggerSchema(errorEnvelopeSchema, 'ErrorResponse', definitions),
      },
    },
  };
}

function queryParameters(spec: OperationSpec): Parameter[] {
  const schema = z.toJSONSchema(spec.query, { io: 'input', unrepresentable: 'any' });
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: 'query',
    description: describeParameter(name),
    required: schema.required?.includes(name) ?? false,
    type: 'string',
    ...(typeof property === 'object' && property.enum && { enum: property.enum }),
  }));
}

function bodyParameter(spec: OperationSpec, definitions: Definitions): Parameter[] {
  const given = bodyNames[spec.id as OperationId];
  if (!spec.body || given === null) return [];
  const name = given?.name ?? `${spec.id}Request`;
  const definition = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  // The resource itself where the command line reads from it which members may be sent.
  const schema = given?.schema ?? spec.body;
  return [
    {
      name,
      in: 'body',
      description: spec.summary,
      required: true,
      schema: toSwaggerSchema(schema, definition, definitions),
    },
  ];
}

/** Details and lists have definitions of their own, which clients follow to the data. */
function envelope(spec: OperationSpec, definitions: Definitions): SwaggerSchema {
  const name = `${spec.id[0]?.toUpperCase()}${spec.id.slice(1)}Response`;
  return toSwaggerSchema(answerSchema(spec), name, definitions);
}

function sorted<T>(entries: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
