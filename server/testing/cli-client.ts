import type { Level } from '#contract/scope.ts';
import type { Swagger } from '#contract/specification/swagger.ts';
import type { SwaggerSchema } from '#contract/specification/swagger-definitions.ts';
import { type Key, signHeaders } from './sign-headers.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
type Json = Record<string, unknown>;

interface Sent {
  method: Method;
  url: string;
  body: string;
}
interface Received {
  statusCode: number;
  body: string;
}
/** Puts a request on the wire. */
export type Send = (request: Sent & { headers: Record<string, string> }) => Promise<Received>;

/** A command as its scheme has it, with what stands behind it on the command line. */
export interface Command {
  level: Level;
  method: Method;
  /** With the scope: `/{envId}/images/{imageId}/`. */
  route: string;
  /** Values of the path's parameters. */
  params?: Record<string, string | number>;
  /** `--filters` and paging: they become the query. */
  options?: Record<string, string>;
  /** What is piped in with `--stdin`; undefined opens the editor, which sends the example back. */
  stdin?: Json;
}

/** What the terminal shows. */
export interface Printed {
  exitCode: 0 | 1;
  /** One JSON document for each answer: a change of an object prints the object before it, too. */
  stdout: Json[];
  stderr: string[];
}

/**
 * Stands in for `scalr-ctl` 7.16 where there is no Python (`npm run test:clients` drives the real one):
 * reads the downloaded specification to choose the path and the members of the body, signs `{}` with GET
 * and DELETE, sends spaces as `+`, and looks at the JSON of an answer only.
 */
export class CliClient {
  readonly #send: Send;
  readonly #key: Key;
  readonly #spec: Swagger;
  /** Behind by minutes that the window allows, so that many seconds are left. */
  readonly #startedMs = Date.now() - 250_000;
  #requests = 0;

  constructor(send: Send, key: Key, spec: Swagger) {
    this.#send = send;
    this.#key = key;
    this.#spec = spec;
  }

  async run(command: Command): Promise<Printed> {
    const spec = this.#spec;
    const route = chooseRoute(spec, command);
    const operation = spec.paths[route]?.[command.method.toLowerCase()];
    if (!operation || !('responses' in operation))
      return { exitCode: 1, stdout: [], stderr: ['Not implemented in current API version'] };
    const printed: Printed = { exitCode: 0, stdout: [], stderr: [] };
    const path = spec.basePath + fill(route, command.params ?? {});
    if (command.method === 'PATCH') {
      const before = await this.#request('GET', path, {});
      if (!print(before, printed)) return printed;
    }
    const [body] = operation.parameters.filter((parameter) => parameter.in === 'body');
    const isQuery = command.method === 'GET' || command.method === 'DELETE';
    const given = command.stdin ?? printed.stdout.at(-1)?.['data'] ?? {};
    const data =
      body && !isQuery ? filterBody(spec, body.schema ?? {}, given as Json, command) : {};
    const query = isQuery ? new URLSearchParams(command.options).toString() : '';
    print(
      await this.#request(command.method, query === '' ? path : `${path}?${query}`, data),
      printed,
    );
    return printed;
  }

  /** Exact to the second, and no two alike: the real one takes longer than a second to start. */
  #nextDate(): string {
    const second = new Date(this.#startedMs + this.#requests++ * 1_000).toISOString();
    return `${second.slice(0, 19)}.000Z`;
  }

  async #request(method: Method, url: string, data: unknown): Promise<Received> {
    const body = JSON.stringify(data);
    const signed = signHeaders(this.#key, { method, url, date: this.#nextDate(), body });
    return this.#send({ method, url, body, headers: signed });
  }
}

/** The scheme's route must be there to the letter; of an account, the one without its number will do. */
function chooseRoute(spec: Swagger, { level, route }: Command): string {
  if (level !== 'account' || route in spec.paths) return route;
  return route.replace('/{accountId}', '');
}

function fill(route: string, params: Record<string, string | number>): string {
  return route.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name]));
}

/** Only members of the schema that are not read-only are sent; the editor leaves out more. */
function filterBody(spec: Swagger, schema: SwaggerSchema, given: Json, command: Command): Json {
  const { properties = {}, 'x-createOnly': createOnly = [] } = resolve(spec, schema);
  return Object.fromEntries(
    Object.entries(given).filter(([key]) => {
      const property = properties[key];
      if (!property || property.readOnly === true) return false;
      return command.stdin !== undefined || !createOnly.includes(key);
    }),
  );
}

function resolve(spec: Swagger, schema: SwaggerSchema): SwaggerSchema {
  if (schema.$ref === undefined) return schema;
  const found = spec.definitions[schema.$ref.replace('#/definitions/', '')];
  if (!found) throw new Error(`${schema.$ref} is not there`);
  return found;
}

/** @returns whether it was no error */
function print(answer: Received, printed: Printed): boolean {
  if (answer.body === '') {
    printed.stdout.push({ deleted: true });
    return true;
  }
  const json = JSON.parse(answer.body) as Json & {
    errors?: { code: string; message: string }[];
    warnings?: { code: string; message: string }[];
  };
  if (json.errors) {
    printed.exitCode = 1;
    printed.stderr.push(...json.errors.map(({ code, message }) => `Error: ${code}: ${message}`));
    return false;
  }
  printed.stderr.push(...(json.warnings ?? []).map(({ code, message }) => `${code}: ${message}`));
  printed.stdout.push(json);
  return true;
}
