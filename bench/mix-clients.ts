import { Agent, request } from 'node:http';
import type { Client, Envelope } from './mix-types.ts';
import { setChanges } from './mix-set-changes.ts';

// A process of its own, so that what sends the load takes nothing from what is measured:
// many clients that each change their own objects, with few accounts for all of them.

/** What the clients are to do. */
export interface Order {
  address: string;
  /** Of sessions; the clients take turns with them. */
  tokens: string[];
  /** One client each, at this environment. */
  environmentIds: number[];
  durationMs: number;
}

/** What the clients saw. */
export interface MixReport {
  /** Changes that were carried out. */
  done: number;
  /** By kind of change. */
  kinds: Record<string, number>;
  /** Answers by status, those of 400 and above with their code. */
  answers: Record<string, number>;
  /** From the request to the end of its answer. */
  latenciesMs: number[];
  tookMs: number;
}

const order = JSON.parse(process.argv[2] ?? '') as Order;
const agent = new Agent({ keepAlive: true, maxSockets: order.environmentIds.length });
const report: MixReport = { done: 0, kinds: {}, answers: {}, latenciesMs: [], tookMs: 0 };
let measuring = false;

function send(client: Client, method: string, path: string, body?: unknown): Promise<Envelope> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const more =
      payload === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
    const call = request(
      order.address + path,
      {
        method,
        agent,
        headers: { origin: order.address, cookie: `slipway=${client.token}`, ...more },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.once('end', () => {
          const answer = (text === '' ? {} : JSON.parse(text)) as Envelope;
          if (measuring) note(response.statusCode ?? 0, answer, performance.now() - started);
          resolve(answer);
        });
      },
    );
    call.once('error', reject);
    call.end(payload);
  });
}

function note(status: number, answer: Envelope, tookMs: number): void {
  const key = status < 400 ? String(status) : `${status} ${answer.errors?.[0]?.code}`;
  report.answers[key] = (report.answers[key] ?? 0) + 1;
  report.latenciesMs.push(tookMs);
  if (status < 400) report.done += 1;
}

const unique = `${process.pid.toString(36)}-${Date.now().toString(36)}`;

async function createImage(client: Client): Promise<void> {
  const name = `mix-${unique}-${client.path.length}${client.made++}-${Math.random().toString(36).slice(2)}`;
  const place = { cloudPlatform: 'ec2', cloudLocation: 'us-east-1', cloudImageId: `ami-${name}` };
  const { data } = await send(client, 'POST', `${client.path}/images/`, {
    name,
    ...place,
    os: 'ubuntu-24-04',
    architecture: 'x86_64',
  });
  if (data) client.images.push(String(data.id));
}

async function createRole(client: Client): Promise<void> {
  const name = `mix-${unique}-${client.made++}-${Math.random().toString(36).slice(2)}`;
  const { data } = await send(client, 'POST', `${client.path}/roles/`, {
    name,
    category: 1,
    os: 'ubuntu-24-04',
  });
  if (data) client.roles.push({ id: Number(data.id), image: undefined });
}

function one<T>(values: readonly T[]): T | undefined {
  return values[Math.floor(Math.random() * values.length)];
}

type Change = (client: Client) => Promise<void>;

const changes: Record<string, Change> = {
  ...setChanges({ send, unique }),
  createImage,
  createRole,
  updateImage: async (client) => {
    const image = one(client.images);
    if (image === undefined) return createImage(client);
    await send(client, 'PATCH', `${client.path}/images/${image}/`, {
      description: `Edited ${client.made++} times.`,
    });
  },
  attach: async (client) => {
    const role = client.roles.find((candidate) => candidate.image === undefined);
    const image = one(client.images);
    if (!role) return createRole(client);
    if (image === undefined) return createImage(client);
    await send(client, 'POST', `${client.path}/roles/${role.id}/images/`, { image });
    role.image = image;
  },
  detach: async (client) => {
    const role = client.roles.find((candidate) => candidate.image !== undefined);
    if (!role) return createRole(client);
    await send(client, 'DELETE', `${client.path}/roles/${role.id}/images/${role.image}/`);
    role.image = undefined;
  },
  replaceInRole: async (client) => {
    const role = one(client.roles.filter((candidate) => candidate.image !== undefined));
    const image = one(client.images.filter((candidate) => candidate !== role?.image));
    if (!role || image === undefined) return createImage(client);
    await send(
      client,
      'POST',
      `${client.path}/roles/${role.id}/images/${role.image}/actions/replace/`,
      {
        image,
      },
    );
    role.image = image;
  },
  replaceImage: async (client) => {
    await replaceEverywhere(client);
  },
  replaceAndRollBack: async (client) => {
    const made = await replaceEverywhere(client);
    if (!made) return;
    await send(client, 'POST', `${client.path}/replacements/${made.id}/actions/roll-back/`, {});
    for (const role of made.roles) role.image = made.old;
  },
  deprecateAndRestore: async (client) => {
    const image = one(client.images);
    if (image === undefined) return createImage(client);
    const path = `${client.path}/images/${image}/actions/deprecate/`;
    await send(client, 'POST', path, { deprecate: true, reason: 'Too old.' });
    await send(client, 'POST', path, { deprecate: false });
  },
  promoteImage: async (client) => {
    const image = takeUnused(client);
    if (image === undefined) return createImage(client);
    await send(client, 'POST', `${client.path}/images/${image}/actions/promote/`, { merge: true });
  },
  promoteRole: async (client) => {
    const role = client.roles.find((candidate) => candidate.image !== undefined);
    if (!role) return createRole(client);
    await send(client, 'POST', `${client.path}/roles/${role.id}/actions/promote/`, { merge: true });
    client.roles = client.roles.filter((other) => other !== role);
    client.images = client.images.filter((image) => image !== role.image);
  },
  deleteImage: async (client) => {
    const image = takeUnused(client);
    if (image === undefined) return createImage(client);
    await send(client, 'DELETE', `${client.path}/images/${image}/`);
  },
  deleteRole: async (client) => {
    const role = client.roles.shift();
    if (!role) return createRole(client);
    await send(client, 'DELETE', `${client.path}/roles/${role.id}/`);
  },
};

async function replaceEverywhere(client: Client) {
  const old = one(client.roles.filter((role) => role.image !== undefined))?.image;
  const image = one(client.images.filter((candidate) => candidate !== old));
  if (old === undefined || image === undefined) {
    await createImage(client);
    return undefined;
  }
  const answer = await send(client, 'POST', `${client.path}/images/${old}/actions/replace/`, {
    newImage: image,
  });
  const id = answer.meta?.replacement?.id;
  if (id === undefined) return undefined;
  const roles = client.roles.filter((role) => role.image === old);
  for (const role of roles) role.image = image;
  return { id, old, roles };
}

function takeUnused(client: Client): string | undefined {
  const index = client.images.findIndex((image) =>
    client.roles.every((role) => role.image !== image),
  );
  return index === -1 ? undefined : client.images.splice(index, 1)[0];
}

/** What is done most is what the others get in the way of. */
const mix = [
  'replaceImage',
  'replaceImage',
  'replaceImage',
  'attach',
  'attach',
  'attach',
  'createImage',
  'createImage',
  'createImage',
  'createRole',
  'createRole',
  'updateImage',
  'replaceInRole',
  'replaceAndRollBack',
  'detach',
  'deprecateAndRestore',
  'promoteImage',
  'promoteRole',
  'deleteImage',
  'deleteRole',
  'createSet',
  'renameSet',
  'deprecateAndRestoreSet',
  'addSetToRole',
  'promoteAndDemoteSet',
  'replaceSet',
  'planApplyAndRollBackInPart',
];

async function run(environmentId: number, token: string, until: () => number): Promise<void> {
  const client: Client = {
    token,
    path: `/api/v1beta0/user/${environmentId}`,
    accountId: 0,
    images: [],
    sets: [],
    roles: [],
    made: 0,
  };
  for (const make of [createImage, createImage, createImage, createRole, createRole])
    await make(client);
  await changes.attach?.(client);
  while (performance.now() < until()) {
    const kind = one(mix) ?? 'createImage';
    await changes[kind]?.(client);
    if (measuring) report.kinds[kind] = (report.kinds[kind] ?? 0) + 1;
  }
}

// The first second warms up and does not count.
const warmUpMs = 1_000;
const started = performance.now();
const end = started + warmUpMs + order.durationMs;
const timer = setTimeout(() => (measuring = true), warmUpMs);
await Promise.all(
  order.environmentIds.map((id, i) =>
    run(id, order.tokens[i % order.tokens.length] ?? '', () => end),
  ),
);
clearTimeout(timer);
report.tookMs = performance.now() - started - warmUpMs;
process.send?.(report);
agent.destroy();
process.disconnect();
