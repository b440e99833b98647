import { attachNewCredentials } from '../credentials.ts';
import { image as foundImage, insertObserved, server as foundServer } from '../estates.ts';
import { insertFarm, insertImage, insertRole } from '../factories.ts';
import { randomName } from '../harness.ts';
import { insertFoundImage } from '../inventory.ts';
import type { Place } from './place.ts';

/** What the server that is found for a sample is called, another one for each. */
const foundServers = new WeakMap<Place, string>();
function serverIdOf(place: Place): string {
  const id = foundServers.get(place) ?? `i-${randomName('found')}`;
  foundServers.set(place, id);
  return id;
}

/** What is sent to have something that was found taken in. */
export async function importBodyOf(
  id: 'cloudImageRegister' | 'farmRoleServerImport',
  place: Place,
): Promise<object> {
  if (id === 'farmRoleServerImport') return { cloudServerId: serverIdOf(place) };
  const { key } = await insertFoundImage(place.db, place.at);
  return { cloudImages: [key], os: 'ubuntu-24-04' };
}

/** A farm role, and a server that was found where it is and that runs its image. */
export async function beforeImport(place: Place): Promise<{ farmRoleId: number }> {
  const { db, tenant } = place;
  const at = { cloud_location: 'eu-west-1' };
  const { id, cloud_image_id: ami } = await insertImage(db, tenant.environment, at);
  const role = await insertRole(db, tenant.environment, [id]);
  const where = { cloudLocation: 'eu-west-1' };
  const { farmRoleId } = await insertFarm(db, tenant.environment, role.id, where);
  const facts = [foundImage(ami ?? ''), foundServer(serverIdOf(place), ami ?? '')];
  await insertObserved(db, tenant, facts);
  return { farmRoleId };
}

/** An environment of the account that uses credentials. */
export async function attached({ db, tenant }: Place): Promise<{ envId: number; cloud: string }> {
  const envId = tenant.environment.environmentId;
  await attachNewCredentials(db, tenant.account, tenant.environment);
  return { envId, cloud: 'ec2' };
}
