import type { z } from 'zod';
import { type CallOptions, CloudError, type CloudPlace } from '../call.ts';
import { parseAs } from './answers.ts';
import { OpenstackError, parseJson } from './errors.ts';
import { type Exchange, type HttpAnswer, type HttpRules, openExchange } from './http.ts';
import { Identity, type OpenstackLogin, type Session } from './identity.ts';

/** One project of one OpenStack. */
export interface OpenstackAddress extends HttpRules {
  /** The platform that it is here, such as `openstack`. */
  cloudPlatform: string;
  /** With or without its version. */
  keystoneUrl: string;
  login: OpenstackLogin;
  /** The only region to speak to; none is all. */
  region: string | undefined;
  /** The network of new servers, by its id; Nova chooses where there is none. */
  networkId: string | undefined;
}

/** Old enough for every OpenStack since 2018: it puts tags on a server as it is made. */
const novaVersion = 'compute 2.52';

const services = {
  image: { name: 'Glance', version: /\/v2(\.\d+)?$/, old: /\/v1$/, path: '/v2' },
  compute: { name: 'Nova', version: /\/v2\.1(\/[^/]+)?$/, old: /\/v2(\/[^/]+)?$/, path: '/v2.1' },
} as const;
type ServiceType = keyof typeof services;

interface Change {
  method: 'POST' | 'PATCH' | 'DELETE';
  /** Below the version. */
  path: string;
  body?: unknown;
  contentType?: string;
}

/** One OpenStack, asked by plain HTTP. */
export class OpenstackConnection {
  readonly address: OpenstackAddress;
  readonly #exchange: Exchange;
  readonly #identity: Identity;

  constructor(address: OpenstackAddress) {
    const keystoneUrl = `${address.keystoneUrl.replace(/\/+$/, '').replace(/\/v3$/, '')}/v3`;
    this.address = { ...address, keystoneUrl };
    this.#exchange = openExchange(address);
    this.#identity = new Identity(this.#exchange, keystoneUrl, address.login);
  }

  /**
   * A region, for one call of the port. A place's location is the name of a region.
   * @throws CloudError for good if the place is on another cloud, or in a region that is not ours to ask
   */
  at({ cloudPlatform, cloudLocation }: CloudPlace, { signal }: CallOptions): OpenstackRegion {
    const { region } = this.address;
    if (cloudPlatform !== this.address.cloudPlatform)
      throw refused(`This OpenStack has nothing on ${cloudPlatform}.`);
    if (region !== undefined && region !== cloudLocation)
      throw refused(`These credentials are for the region ${region}, not for ${cloudLocation}.`);
    return new OpenstackRegion(cloudLocation, (service, request) =>
      this.#ask(cloudLocation, service, request, signal),
    );
  }

  /** Who we are, and which regions there are to ask. @throws CloudError */
  async session({ signal }: CallOptions): Promise<{ session: Session; regions: string[] }> {
    const session = await this.#identity.session(signal);
    const all = regionsOf(session, 'compute').concat(regionsOf(session, 'image'));
    const { region } = this.address;
    const ours = [...new Set(all)].filter((name) => region === undefined || name === region);
    if (ours.length === 0 && region !== undefined)
      throw refused(`Keystone's catalogue has nothing in the region ${region}.`);
    return { session, regions: ours.toSorted() };
  }

  async #ask(region: string, type: ServiceType, request: Request, signal: AbortSignal) {
    const session = await this.#identity.session(signal);
    const answer = await this.#send(session, region, type, request, signal);
    if (answer.status !== 401) return answer;
    // The token has ended before its time; another one ends that, or nothing does.
    const renewed = await this.#identity.session(signal, session.token);
    return this.#send(renewed, region, type, request, signal);
  }

  #send(
    session: Session,
    region: string,
    type: ServiceType,
    { method, path, body, contentType = 'application/json' }: Request,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    return this.#exchange({
      method,
      url: endpointOf(session, region, type) + path,
      headers: {
        'x-auth-token': session.token,
        ...(type === 'compute' && { 'openstack-api-version': novaVersion }),
        ...(body !== undefined && { 'content-type': contentType }),
      },
      body,
      signal,
    });
  }
}

type Request = Omit<Change, 'method'> & { method: Change['method'] | 'GET' };

/** What can be asked in one region within one call. */
export class OpenstackRegion {
  readonly name: string;
  readonly #send: (type: ServiceType, request: Request) => Promise<HttpAnswer>;

  constructor(name: string, send: (type: ServiceType, request: Request) => Promise<HttpAnswer>) {
    this.name = name;
    this.#send = send;
  }

  /**
   * @param path below the version
   * @throws CloudError; OpenstackError where the service itself refuses
   */
  async read<Schema extends z.ZodType>(
    type: ServiceType,
    path: string,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const answer = await this.#demand(type, { method: 'GET', path });
    return parseAs(schema, parseJson(answer.body), services[type].name, path);
  }

  /**
   * Asks for a change.
   * @returns what the service answers, if anything
   * @throws CloudError; OpenstackError where the service itself refuses
   */
  async change(type: ServiceType, change: Change): Promise<unknown> {
    const answer = await this.#demand(type, change);
    return parseJson(answer.body);
  }

  async #demand(type: ServiceType, request: Request): Promise<HttpAnswer> {
    const answer = await this.#send(type, request);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw new OpenstackError(services[type].name, answer);
  }
}

/** Whatever version the catalogue has, or none, it is the one that is spoken here. */
function endpointOf(session: Session, region: string, type: ServiceType): string {
  const { name, version, old, path } = services[type];
  const found = endpointsOf(session, type).find((endpoint) => endpoint.region === region);
  if (!found) {
    const there = regionsOf(session, type).join(', ') || 'none';
    throw refused(
      `Keystone's catalogue has no ${name} in the region "${region}"; the regions with one are: ${there}.`,
    );
  }
  const url = found.url.replace(/\/+$/, '');
  return version.test(url) ? url : url.replace(old, '') + path;
}

function endpointsOf({ catalogue }: Session, type: ServiceType) {
  return catalogue
    .filter((service) => service.type === type)
    .flatMap(({ endpoints }) => endpoints)
    .filter((endpoint) => endpoint.interface === 'public')
    .map(({ region_id: id, region, url }) => ({ region: id ?? region ?? '', url }));
}

function regionsOf(session: Session, type: ServiceType): string[] {
  return endpointsOf(session, type).map(({ region }) => region);
}

function refused(words: string): CloudError {
  return new CloudError(words, { willPass: false });
}
