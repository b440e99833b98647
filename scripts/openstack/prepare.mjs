import { setTimeout as sleep } from 'node:timers/promises';
import { logIn } from './ask.mjs';
import { ADMIN, REGIONS } from './configuration.mjs';

const READY_MS = 120_000;

/** Who tests: somebody who may act in a project, and somebody who may only look. */
const PEOPLE = [
  { name: 'builder', password: 'builder-secret', role: 'member' },
  { name: 'auditor', password: 'auditor-secret', role: 'reader' },
];
const PROJECT = 'fleet';

/**
 * Gives an OpenStack a project with people, a flavor and two images, and waits until a server runs there.
 *
 * @returns what server/testing/clouds/openstack-setup.ts reads
 * @throws Error in words
 */
export async function prepareOpenstack(urls) {
  const admin = await logIn(urls, ADMIN);
  await addPeople(urls, admin);
  const flavor = { name: 'tiny', ram: 64, vcpus: 1, disk: 1 };
  await admin('POST', `${urls.nova}/v2.1/flavors`, { flavor });
  const builder = await logIn(urls, { ...PEOPLE[0], project: PROJECT });
  const images = [await addImage(urls, builder, 'base 1'), await addImage(urls, builder, 'base 2')];
  await tryServer(urls, builder, admin, images[0]);
  return { ...urls, regions: REGIONS, project: PROJECT, people: PEOPLE, images };
}

async function addPeople({ keystone }, admin) {
  const v3 = `${keystone}/v3`;
  const { project } = await admin('POST', `${v3}/projects`, {
    project: { name: PROJECT, domain_id: 'default' },
  });
  const { roles } = await admin('GET', `${v3}/roles`);
  for (const { name, password, role } of PEOPLE) {
    const { user } = await admin('POST', `${v3}/users`, {
      user: { name, password, domain_id: 'default' },
    });
    const { id } = roles.find((one) => one.name === role);
    await admin('PUT', `${v3}/projects/${project.id}/users/${user.id}/roles/${id}`);
  }
}

async function addImage({ glance }, builder, name) {
  const images = `${glance}/v2/images`;
  const { id } = await builder('POST', images, {
    name,
    container_format: 'bare',
    disk_format: 'raw',
  });
  const bytes = Buffer.alloc(4096, name);
  await builder('PUT', `${images}/${id}/file`, bytes, 'application/octet-stream');
  return id;
}

/** Until Nova has found its own host, it has none for anybody. */
async function tryServer({ nova }, builder, admin, imageRef) {
  const v21 = `${nova}/v2.1`;
  const giveUpAt = Date.now() + READY_MS;
  while ((await admin('GET', `${v21}/os-hypervisors`)).hypervisors.length === 0) {
    if (Date.now() > giveUpAt) throw new Error('Nova finds no host for servers.');
    await sleep(200);
  }
  const { flavors } = await builder('GET', `${v21}/flavors`);
  const { server } = await builder('POST', `${v21}/servers`, {
    server: { name: 'first', imageRef, flavorRef: flavors[0].id },
  });
  const read = async () => (await builder('GET', `${v21}/servers/${server.id}`)).server;
  for (let found = await read(); found.status !== 'ACTIVE'; found = await read()) {
    if (found.status === 'ERROR' || Date.now() > giveUpAt)
      throw new Error(`Nova starts no server: ${found.fault?.message ?? found.status}`);
    await sleep(200);
  }
  await builder('DELETE', `${v21}/servers/${server.id}`);
}
