import type { Client, Envelope } from './mix-types.ts';

// What the clients of the mix do with whole sets; each has its own.

/** The parts of a client that sends, and makes roles. */
interface Tools {
  send: (client: Client, method: string, path: string, body?: unknown) => Promise<Envelope>;
  unique: string;
}

const locations = ['us-east-1', 'eu-west-1'];

/** How a client comes by sets, and acts on them. */
function setTools({ send, unique }: Tools) {
  const act = (client: Client, set: number, name: string, body: unknown = {}) =>
    send(client, 'POST', `${client.path}/image-sets/${set}/actions/${name}/`, body);

  async function createSet(client: Client): Promise<number | undefined> {
    const name = `set-${unique}-${client.path.length}${client.made++}-${Math.random().toString(36).slice(2)}`;
    for (const cloudLocation of locations) {
      const place = { cloudPlatform: 'ec2', cloudLocation, cloudImageId: `ami-${name}-1` };
      const facts = { os: 'ubuntu-24-04', architecture: 'x86_64' };
      const body = { name, ...place, ...facts };
      const { data } = await send(client, 'POST', `${client.path}/images/`, body);
      client.accountId = data?.accountId ?? client.accountId;
    }
    const found = await send(client, 'GET', `${client.path}/image-sets/?name=${name}`);
    const id = found.data?.[0]?.id;
    if (id !== undefined) client.sets.push(Number(id));
    return id === undefined ? undefined : Number(id);
  }

  const anySet = async (client: Client) =>
    client.sets[Math.floor(Math.random() * client.sets.length)] ?? createSet(client);

  /** An act on a set answers the set that its images are of now. */
  function becomes(client: Client, before: number, { data }: Envelope): number {
    const after = data?.imageSet?.id ?? before;
    client.sets = client.sets.map((set) => (set === before ? after : set));
    return after;
  }

  async function fillRole(client: Client, set: number): Promise<void> {
    const name = `set-role-${unique}-${client.made++}-${Math.random().toString(36).slice(2)}`;
    const role = { name, category: 1, os: 'ubuntu-24-04' };
    const { data } = await send(client, 'POST', `${client.path}/roles/`, role);
    if (data) await act(client, set, 'add-to-role', { role: Number(data.id), replace: true });
  }

  /** Two sets, the first of which stands in a role. */
  async function twoSets(client: Client): Promise<[number, number] | undefined> {
    const [from, to] = [await anySet(client), await createSet(client)];
    if (from === undefined || to === undefined || from === to) return undefined;
    await fillRole(client, from);
    return [from, to];
  }

  return { act, createSet, anySet, becomes, fillRole, twoSets };
}

/** The changes of sets, by name; one that needs a set makes it where there is none. */
export function setChanges(tools: Tools) {
  const { send, unique } = tools;
  const { act, createSet, anySet, becomes, fillRole, twoSets } = setTools(tools);
  return {
    createSet: async (client: Client) => void (await createSet(client)),
    renameSet: async (client: Client) => {
      const set = await anySet(client);
      if (set === undefined) return;
      const name = `renamed-${unique}-${client.made++}-${Math.random().toString(36).slice(2)}`;
      const path = `${client.path}/image-sets/${set}/`;
      const { data } = await send(client, 'PATCH', path, { name });
      becomes(client, set, { data: data && { imageSet: { id: Number(data.id) } } });
    },
    deprecateAndRestoreSet: async (client: Client) => {
      const set = await anySet(client);
      if (set === undefined) return;
      await act(client, set, 'deprecate', { deprecate: true, reason: 'Too old.' });
      await act(client, set, 'deprecate', { deprecate: false });
    },
    addSetToRole: async (client: Client) => {
      const set = await anySet(client);
      if (set !== undefined) await fillRole(client, set);
    },
    promoteAndDemoteSet: async (client: Client) => {
      const set = await anySet(client);
      if (set === undefined) return;
      const above = becomes(client, set, await act(client, set, 'promote', { merge: true }));
      const path = `/api/v1beta0/account/${client.accountId}/image-sets/${above}/actions/demote/`;
      const envId = Number(client.path.split('/').at(-1));
      becomes(client, above, await send(client, 'POST', path, { envId }));
    },
    replaceSet: async (client: Client) => {
      const sets = await twoSets(client);
      if (sets) await act(client, sets[0], 'replace', { newImageSet: sets[1] });
    },
    planApplyAndRollBackInPart: async (client: Client) => {
      const sets = await twoSets(client);
      if (!sets) return;
      const wish = { oldImageSet: sets[0], newImageSet: sets[1], deprecateOldImage: true };
      const { data } = await send(client, 'POST', `${client.path}/replacements/`, wish);
      if (!data) return;
      const path = `${client.path}/replacements/${data.id}/actions`;
      await send(client, 'POST', `${path}/apply/`, {});
      for (const cloudLocation of locations) {
        const places = [{ cloudPlatform: 'ec2', cloudLocation }];
        await send(client, 'POST', `${path}/roll-back/`, { places });
      }
    },
  };
}
