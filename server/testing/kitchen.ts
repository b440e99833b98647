import { createHmac, randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Exchange } from './conformance/exchange.ts';
import type { Key } from './signed-client.ts';

// What the Scalr driver of Test Kitchen asks for between `kitchen create` and `kitchen destroy`, sent as
// Ruby's rest-client sends it: with its headers, and a body of no bytes that is called a form.

export interface Kitchen {
  exchange: Exchange;
  key: Key;
  environmentId: number;
  /** Of the image that the machine starts from. */
  imageName: string;
  /** What its farm is charged to. */
  projectId: string;
  /** Where the machine runs and what on, as the driver's release spells it. */
  placeOf: (image: KitchenImage) => object;
  /** Has the cloud do what it was asked for; nothing, where somebody else does that. */
  settle?: () => Promise<void>;
}

interface Reply<Data> {
  data: Data;
  pagination?: { next: string | null };
}

type Id<Value = number> = { id: Value };
export interface KitchenImage extends Id<string> {
  os: Id<string>;
  cloudPlatform: string;
  cloudLocation: string;
}
interface Server extends Id<string> {
  status: string;
  publicIp: string[];
  privateIp: string[];
}

type Request = <Data>(method: string, url: string, data?: object) => Promise<Reply<Data>>;

/** It has no answer for a refusal, so one fails the test. */
function requestAs({ exchange, key }: Kitchen): Request {
  return async <Data>(method: string, url: string, data?: object): Promise<Reply<Data>> => {
    const body = data === undefined ? '' : JSON.stringify(data);
    const [path = '', query = ''] = url.split('?');
    const date = `${new Date().toISOString().slice(0, 19)}Z+00:00`;
    const lines = [method, date, path, query.split('&').toSorted().join('&'), body];
    const mac = createHmac('sha256', key.secret).update(lines.join('\n')).digest('base64');
    const { status, text } = await exchange({
      method,
      url,
      body,
      headers: {
        accept: '*/*',
        'accept-encoding': 'gzip;q=1.0,deflate;q=0.6,identity;q=0.3',
        'user-agent': 'rest-client/2.1.0 (linux x86_64) ruby/2.7.8p225',
        'x-scalr-key-id': key.id,
        'x-scalr-signature': `V1-HMAC-SHA256 ${mac}`,
        'x-scalr-date': date,
        'x-scalr-debug': '1',
        'content-type': body === '' ? 'application/x-www-form-urlencoded' : 'application/json',
      },
    });
    expect(status, `${method} ${url} answers ${text}`).toBeLessThan(300);
    return text === '' ? ({} as Reply<Data>) : (JSON.parse(text) as Reply<Data>);
  };
}

/** What it asks for, below an environment. */
function connect(kitchen: Kitchen) {
  const request = requestAs(kitchen);
  const base = `/api/v1beta0/user/${kitchen.environmentId}`;
  return {
    list: async <Item>(path: string): Promise<Item[]> => {
      const items: Item[] = [];
      for (let next: string | null | undefined = base + path; next;) {
        const page: Reply<Item[]> = await request('GET', next);
        items.push(...page.data);
        next = page.pagination?.next;
      }
      return items;
    },
    post: async <Data>(path: string, data: object) =>
      (await request<Data>('POST', base + path, data)).data,
    remove: (path: string) => request('DELETE', base + path),
  };
}

/** The objects of `kitchen create`, up to the launch. */
async function create(kitchen: Kitchen, { list, post }: ReturnType<typeof connect>) {
  const uuid = randomUUID();
  const farm = await post<Id>('/farms/', {
    name: `KITCHEN_FARM_default-ubuntu-2404_${uuid}`,
    description: 'Test Kitchen Farm',
    project: { id: kitchen.projectId },
  });
  const [image] = await list<KitchenImage>(`/images/?name=${kitchen.imageName}`);
  if (!image) throw new Error('The image is not found by its name');
  const role = await post<Id>('/roles/', {
    builtinAutomation: ['base'],
    category: { id: 1 },
    deprecated: false,
    description: 'test kitchen role',
    name: `KITCHEN-ROLE-${uuid}`,
    os: { id: image.os.id },
    quickStart: false,
    useScalrAgent: true,
  });
  expect(await list<Id>(`/roles/?name=KITCHEN-ROLE-${uuid}`)).toMatchObject([role]);
  await post(`/roles/${role.id}/images/`, { image: { id: image.id }, role: { id: role.id } });
  const farmRole = await post<Id>(`/farms/${farm.id}/farm-roles/`, {
    alias: `KITCHEN-ROLE-${uuid}`,
    role: { id: role.id },
    ...kitchen.placeOf(image),
  });
  await post(`/farms/${farm.id}/actions/launch/`, {});
  return { farm, role, farmRole };
}

const patience = { timeout: 60_000, interval: 200 };

/**
 * Makes a machine, waits until it runs, and takes everything away again.
 * @param address what its addresses have to be
 */
export async function runKitchen(kitchen: Kitchen, address: unknown): Promise<void> {
  const api = connect(kitchen);
  const { settle = () => Promise.resolve() } = kitchen;
  const { farm, role, farmRole } = await create(kitchen, api);
  const servers = () => api.list<Server>(`/farms/${farm.id}/servers/`);
  await settle();
  await expect
    .poll(servers, patience)
    .toMatchObject([{ status: 'running', publicIp: address, privateIp: address }]);

  await api.post(`/farms/${farm.id}/actions/terminate/`, {});
  await settle();
  const states = async () => (await servers()).map(({ status }) => status);
  await expect.poll(states, patience).toEqual(['terminated']);
  for (const path of [`farm-roles/${farmRole.id}`, `roles/${role.id}`, `farms/${farm.id}`])
    await api.remove(`/${path}/`);
  expect(await api.list(`/farms/?id=${farm.id}`)).toEqual([]);
  expect(await api.list(`/roles/?id=${role.id}`)).toEqual([]);
}

/** A project that farms of an environment are charged to, as `projectCreate` takes it. */
export const kitchenProject = (name: string) => ({
  name: `Tests ${name}`,
  costCenter: '00000000-0000-4000-8000-000000000001',
  billingCode: 'T-1',
  leadEmail: 'lead@example.com',
});
