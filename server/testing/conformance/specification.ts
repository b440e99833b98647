import { parse } from 'yaml';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import { type Check, escaped, find, type Json, openSchemas } from './strict-schemas.ts';

export type Level = OperationSpec['levels'][number];

/** An operation at one level, as a served specification has it. */
export interface Described {
  method: string;
  /** Whole, with `{name}` for its parameters. */
  path: string;
  parameters: { name: string; in: string; required: boolean }[];
  /** The schema of the body, resolved; undefined where none is taken. */
  body: Json | undefined;
  /** By status, and `default`: what the body of such an answer is held against. */
  answers: Map<string, Check>;
  /** Finds what a reference leads to. */
  resolve(schema: Json): Json;
}

/** Everything that the server says of itself, as a client downloads it. */
export interface Specification {
  /** Of OpenAPI, which has every operation at every level. */
  openApi(level: Level, id: OperationId): Described;
  /** Of Swagger, which leaves out what the command line would stumble over. */
  swagger(level: Level, id: OperationId): Described | undefined;
}

const methods = ['get', 'post', 'patch', 'delete'];

/** @param download gets the text at an address, unsigned */
export async function readSpecification(
  download: (url: string) => Promise<string>,
): Promise<Specification> {
  const openApi = index(JSON.parse(await download('/api/openapi.json')) as Json);
  const swagger = new Map<Level, Map<string, Described>>();
  for (const level of ['user', 'account', 'global'] as const)
    swagger.set(level, index(parse(await download(`/api/${level}.v1beta0.yml`)) as Json));
  return {
    openApi: (level, id) => {
      const found = openApi.get(`${level}.${id}`);
      if (!found) throw new Error(`OpenAPI does not have ${id} at the ${level} level`);
      return found;
    },
    swagger: (level, id) => swagger.get(level)?.get(id),
  };
}

function index(document: Json): Map<string, Described> {
  const schemas = openSchemas(document);
  const found = new Map<string, Described>();
  for (const [path, item] of Object.entries(document['paths'] as Record<string, Json>))
    for (const method of methods) {
      const operation = item[method] as (Json & { operationId: string }) | undefined;
      if (operation) {
        const pointer = `#/paths/${escaped(path)}/${method}`;
        found.set(operation.operationId, describe(document, pointer, schemas));
      }
    }
  return found;
}

function describe(document: Json, pointer: string, schemas: (pointer: string) => Check): Described {
  const [, , path = '', method = ''] = pointer.split('/').map((part) => part.replaceAll('~1', '/'));
  const operation = find(document, pointer) as Json;
  const resolve = (schema: Json): Json =>
    typeof schema['$ref'] === 'string' ? resolve(find(document, schema['$ref']) as Json) : schema;
  const parameters = (operation['parameters'] ?? []) as (Described['parameters'][number] & Json)[];
  const inBody = parameters.find((parameter) => parameter.in === 'body')?.['schema'];
  const body = inBody ?? find(operation, '#/requestBody/content/application~1json/schema');
  const answers = Object.entries(operation['responses'] as Record<string, Json>).map(
    ([status, response]) => [status, checkOf(response, `${pointer}/responses/${status}`, schemas)],
  ) as [string, Check][];
  return {
    method: method.toUpperCase(),
    path: ((document['basePath'] as string | undefined) ?? '') + path,
    parameters: parameters.filter((parameter) => parameter.in === 'query'),
    body: body === undefined ? undefined : resolve(body as Json),
    answers: new Map(answers),
    resolve,
  };
}

function checkOf(response: Json, pointer: string, schemas: (pointer: string) => Check): Check {
  const content = response['content'] as Json | undefined;
  const type = content && Object.keys(content)[0];
  const to =
    type === undefined ? `${pointer}/schema` : `${pointer}/content/${escaped(type)}/schema`;
  return schemas(to);
}

/** Every operation at every level where it is, for tests that walk the table. */
export const everywhere = (Object.keys(operations) as OperationId[]).flatMap((id) => {
  const { levels }: OperationSpec = operations[id];
  return levels.map((level) => [`${id} at the ${level} level`, level, id] as const);
});
