import { Validator } from '@seriousme/openapi-schema-validator';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cliRoutes } from '#contract/specification/cli-routes.ts';
import { operations } from '#contract/operations.ts';
import type { OperationSpec } from '#contract/operation.ts';
import type { Level } from '#contract/scope.ts';
import { emitSwagger, type Swagger } from '#contract/specification/swagger.ts';
import type { SwaggerSchema } from '#contract/specification/swagger-definitions.ts';
import { buildTestApp } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';

const database = withDatabase();
let app: FastifyInstance;

beforeAll(() => {
  app = buildTestApp(database.db);
});
afterAll(() => app.close());

const levels: Level[] = ['user', 'account', 'global'];

async function download(level: Level): Promise<Swagger> {
  const url = `/api/${level}.v1beta0.yml`;
  const answer = await app.inject({ url, headers: { host: 'localhost' } });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  return parse(answer.body) as Swagger;
}

const prefixes = { user: '/{envId}', account: '/{accountId}', global: '' };

describe.each(levels)('the specification of the %s level', (level) => {
  it('is the contract as it is now (else run npm run specifications)', async () => {
    expect(await download(level)).toEqual(JSON.parse(JSON.stringify(emitSwagger(level))));
  });

  it('is Swagger 2.0 by its own schema', async () => {
    const checked = await new Validator().validate({ ...(await download(level)) });
    expect(checked).toEqual({ valid: true });
  });

  it('names and describes every parameter of a path, on the path', async () => {
    for (const [path, item] of Object.entries((await download(level)).paths)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(item.parameters.map(({ name }) => name)).toEqual(named);
      for (const parameter of item.parameters)
        expect(parameter).toMatchObject({
          required: true,
          description: expect.stringMatching(/\w/),
        });
    }
  });

  it('describes every operation, with a definition of its own for the answer', async () => {
    const { paths, definitions } = await download(level);
    for (const { parameters: _, ...methods } of Object.values(paths))
      for (const operation of Object.values(methods as Record<string, never>)) {
        const { description, responses } = operation as Swagger['paths'][string]['get'] & {
          description: string;
          responses: Record<string, { schema: SwaggerSchema }>;
        };
        expect(description).toMatch(/\w/);
        const [status = ''] = Object.keys(responses);
        const name = responses[status]?.schema.$ref?.replace('#/definitions/', '') ?? '';
        expect(definitions[name]?.properties).toHaveProperty('data');
      }
  });

  it('refers to its own definitions only, and to none that is missing', async () => {
    const swagger = await download(level);
    const references = [...JSON.stringify(swagger).matchAll(/"\$ref":"([^"]*)"/g)];
    expect(references.length).toBeGreaterThan(100);
    for (const [, reference = ''] of references) {
      expect(reference).toMatch(/^#\/definitions\/\w+$/);
      expect(swagger.definitions).toHaveProperty(reference.replace('#/definitions/', ''));
    }
  });

  it('gives the command line a type, a choice or a reference for whatever it may send', async () => {
    const types = ['string', 'boolean', 'integer', 'number', 'array'];
    for (const [name, { properties = {} }] of Object.entries((await download(level)).definitions))
      for (const [key, property] of Object.entries(properties)) {
        if (property.readOnly === true || /Response|Preview|Collision/.test(name)) continue;
        const { type, $ref: reference } = property;
        const usable = property.enum !== undefined || types.includes(type ?? '');
        expect(usable || reference !== undefined, `${name}.${key}`).toBe(true);
      }
  });

  it('lists nothing with a reference that is an id or null: the command line fails at a table of it', async () => {
    const { paths, definitions } = await download(level);
    const membersOf = (reference = '') =>
      definitions[reference.replace('#/definitions/', '')]?.properties ?? {};
    for (const path of Object.keys(cliRoutes[level])) {
      const read = paths[prefixes[level] + path]?.['get'];
      const answer = read && 'responses' in read ? read.responses['200']?.schema.$ref : undefined;
      const row = membersOf(membersOf(answer)['data']?.items?.$ref);
      for (const [key, { $ref, 'x-nullable': nullable }] of Object.entries(row)) {
        const isBare = Object.keys(membersOf($ref)).join() === 'id';
        expect(isBare && nullable === true, `${key} of ${path}`).toBe(false);
      }
    }
  });

  it('lists a path of the command line with all the methods that it needs, or not', async () => {
    const { paths } = await download(level);
    const prefix = prefixes[level];
    for (const [path, methods] of Object.entries(cliRoutes[level])) {
      const item = paths[prefix + path];
      if (item)
        for (const method of methods.split(' ')) expect(item).toHaveProperty(method.toLowerCase());
    }
    expect(paths).toHaveProperty([`${prefix}/images/{imageId}/actions/replace/`, 'post']);
  });
});

it('the names of bodies are those that the command line looks for', async () => {
  const { paths } = await download('account');
  const bodyOf = (path: string, method: string) => {
    const operation = paths[`/{accountId}${path}`]?.[method];
    const parameters = operation && 'responses' in operation ? operation.parameters : [];
    return parameters.find((parameter) => parameter.in === 'body')?.name;
  };
  expect(bodyOf('/images/', 'post')).toBe('imageObject');
  expect(bodyOf('/images/{imageId}/', 'patch')).toBe('image');
  expect(bodyOf('/images/{imageId}/actions/replace/', 'post')).toBe('replaceImageRequest');
  expect(bodyOf('/roles/{roleId}/images/', 'post')).toBe('roleImageObject');
});

it('what may be changed of an Image is what its PATCH takes', async () => {
  const { definitions } = await download('user');
  const { properties = {}, 'x-createOnly': createOnly = [] } = definitions['Image'] ?? {};
  const writable = Object.entries(properties).filter(
    ([key, property]) => property.readOnly !== true && !createOnly.includes(key),
  );
  expect(writable.map(([key]) => key)).toEqual(
    Object.keys((operations.imageUpdate.body as { shape: object }).shape),
  );
});

it('OpenAPI is valid by its own schema', async () => {
  const answer = await app.inject({ url: '/api/openapi.json', headers: { host: 'localhost' } });
  const validator = new Validator();
  const checked = await validator.validate(answer.json());
  expect(checked).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

it('OpenAPI has every operation at every level, and every reference leads somewhere', async () => {
  const answer = await app.inject({ url: '/api/openapi.json', headers: { host: 'localhost' } });
  const document = answer.json() as {
    openapi: string;
    paths: Record<string, Record<string, { operationId?: string }>>;
    components: { schemas: object };
  };
  expect(document.openapi).toBe('3.1.0');
  const ids = Object.values(document.paths).flatMap((item) =>
    Object.values(item).flatMap(({ operationId }) => operationId ?? []),
  );
  const wanted = (Object.values(operations) as OperationSpec[]).flatMap(({ id, levels: at }) =>
    at.map((level) => `${level}.${id}`),
  );
  expect(ids.toSorted()).toEqual(wanted.toSorted());
  for (const [, name = ''] of answer.body.matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g))
    expect(document.components.schemas).toHaveProperty(name);
  expect(answer.body).not.toContain('#/$defs/');
});

it('the page to read it loads nothing from elsewhere', async () => {
  for (const path of ['', '/start.js', '/swagger-ui.css', '/swagger-ui-bundle.js']) {
    const answer = await app.inject({ url: `/api/docs${path}`, headers: { host: 'localhost' } });
    expect(answer.statusCode, path).toBe(200);
    if (path === '') expect(answer.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  }
  const other = await app.inject({ url: '/api/docs/index.html', headers: { host: 'localhost' } });
  expect(other.statusCode).toBe(404);
});
