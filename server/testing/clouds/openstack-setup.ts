import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { OpenstackAddress } from '../../cloud/openstack/connection.ts';
import { createOpenstackCloud } from '../../cloud/openstack/openstack.ts';

const personSchema = z.object({ name: z.string(), password: z.string() });
const settingsSchema = z.object({
  keystone: z.string(),
  glance: z.string(),
  nova: z.string(),
  regions: z.tuple([z.string(), z.string()]),
  project: z.string(),
  people: z.tuple([personSchema, personSchema]),
  images: z.tuple([z.string(), z.string()]),
});
const settings = settingsSchema.parse(JSON.parse(process.env['SLIPWAY_OPENSTACK'] ?? ''));
const [builder, auditor] = settings.people;
const [region, otherRegion] = settings.regions;

const loginOf = ({ name: userName, password }: z.output<typeof personSchema>) => ({
  userName,
  password,
  domainName: 'Default',
  projectName: settings.project,
});

/** The OpenStack that `npm run test:clouds` has started: two regions, of which the second leads to the first. */
export const openstack = {
  ...settings,
  builder,
  auditor,
  otherRegion,
  place: { cloudPlatform: 'openstack', cloudLocation: region },
  /** As credentials lead there. */
  address: (more: Partial<OpenstackAddress> = {}): OpenstackAddress => ({
    cloudPlatform: 'openstack',
    keystoneUrl: settings.keystone,
    login: loginOf(builder),
    region: undefined,
    networkId: undefined,
    sslVerification: true,
    allowsPrivate: true,
    ...more,
  }),
  asAuditor: () => openstack.address({ login: loginOf(auditor) }),
  connect: () => createOpenstackCloud(openstack.address(), { pageSize: 2 }),
};

const asked = z.object({ id: z.string() });

/**
 * Asks OpenStack itself, beside the driver, as the builder.
 * @returns the JSON of the answer
 * @throws Error with its words
 */
export async function askOpenstack(
  method: string,
  url: string,
  body?: unknown,
  contentType = 'application/json',
): Promise<unknown> {
  const sent = Buffer.isBuffer(body) ? new Uint8Array(body) : body && JSON.stringify(body);
  const answer = await fetch(url, {
    method,
    headers: { 'x-auth-token': (await logIn(builder)).token, 'content-type': contentType },
    ...(sent !== undefined && { body: sent as string }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

const loginSchema = z.object({ token: z.object({ user: asked }) });

/** Signs in, beside the driver. */
async function logIn({ name, password }: z.output<typeof personSchema>) {
  const domain = { id: 'default' };
  const auth = {
    identity: { methods: ['password'], password: { user: { name, domain, password } } },
    scope: { project: { name: openstack.project, domain } },
  };
  const answer = await fetch(`${openstack.keystone}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth }),
  });
  const { user } = loginSchema.parse(await answer.json()).token;
  return { token: answer.headers.get('x-subject-token') ?? '', userId: user.id };
}

/** What the builder has made for a program, to sign in with. */
export async function makeApplicationCredential() {
  const { userId } = await logIn(builder);
  const url = `${openstack.keystone}/v3/users/${userId}/application_credentials`;
  const body = { application_credential: { name: randomUUID() } };
  const made = z
    .object({ application_credential: z.object({ id: z.string(), secret: z.string() }) })
    .parse(await askOpenstack('POST', url, body)).application_credential;
  return { applicationCredentialId: made.id, applicationCredentialSecret: made.secret };
}

/** @returns the id of an image that was not there before */
export async function makeImage(name = 'to be deleted'): Promise<string> {
  const images = `${openstack.glance}/v2/images`;
  const made = await askOpenstack('POST', images, {
    name,
    container_format: 'bare',
    disk_format: 'raw',
  });
  const { id } = asked.parse(made);
  await askOpenstack(
    'PUT',
    `${images}/${id}/file`,
    Buffer.alloc(4096, id),
    'application/octet-stream',
  );
  return id;
}
