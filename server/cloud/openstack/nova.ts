import {
  type NovaServer,
  oneServerSchema,
  serverActionsSchema,
  type serverSchema,
  serversSchema,
} from './answers.ts';
import type { z } from 'zod';
import type { OpenstackRegion } from './connection.ts';
import { orAbsent } from './errors.ts';
import { stateOf, tokenTag } from './server-state.ts';

const pathOf = (id: string) => `/servers/${encodeURIComponent(id)}`;

export async function readServer(
  region: OpenstackRegion,
  id: string,
): Promise<NovaServer | undefined> {
  // An empty id would list all of them.
  if (id === '') return undefined;
  return (await orAbsent(region.read('compute', pathOf(id), oneServerSchema)))?.server;
}

/** Servers in pages, as far as a query of Nova's goes. */
export async function* listServers(
  region: OpenstackRegion,
  query: Record<string, string>,
  pageSize: number,
): AsyncIterable<NovaServer[]> {
  const parameters = new URLSearchParams({ ...query, limit: String(pageSize) });
  for (;;) {
    const path = `/servers/detail?${parameters.toString()}`;
    const { servers, servers_links: links } = await region.read('compute', path, serversSchema);
    if (servers.length > 0) yield servers;
    const last = servers.at(-1);
    if (last === undefined || !links.some(({ rel }) => rel === 'next')) return;
    parameters.set('marker', last.id);
  }
}

/**
 * The servers that were launched with a token: one, or for a moment several where two processes have launched it at
 * once. The one that counts is first.
 */
export async function findLaunched(
  region: OpenstackRegion,
  token: string,
): Promise<[NovaServer, ...NovaServer[]] | undefined> {
  const found: NovaServer[] = [];
  for await (const page of listServers(region, { tags: tokenTag(token) }, 100)) found.push(...page);
  const [first, ...others] = found.toSorted(
    (a, b) =>
      Number(isEnding(a)) - Number(isEnding(b)) ||
      a.created.getTime() - b.created.getTime() ||
      (a.id < b.id ? -1 : 1),
  );
  return first && [first, ...others];
}

const isEnding = (server: z.output<typeof serverSchema>) =>
  ['terminating', 'terminated'].includes(stateOf(server));

/** Begins to end a server. @returns whether it was there */
export async function deleteServer(region: OpenstackRegion, id: string): Promise<boolean> {
  const deletion = region.change('compute', { method: 'DELETE', path: pathOf(id) });
  return (await orAbsent(deletion.then(() => true))) ?? false;
}

/** Has Nova do something with a server, such as `{ suspend: null }`. */
export async function actOn(
  region: OpenstackRegion,
  { id }: NovaServer,
  action: object,
): Promise<void> {
  await region.change('compute', { method: 'POST', path: `${pathOf(id)}/action`, body: action });
}

/** Adds to what is noted on a server. */
export async function note(
  region: OpenstackRegion,
  { id }: NovaServer,
  metadata: Record<string, string>,
): Promise<void> {
  const path = `${pathOf(id)}/metadata`;
  await region.change('compute', { method: 'POST', path, body: { metadata } });
}

/** How often it was begun to reboot a server, by whomever. */
export async function countReboots(region: OpenstackRegion, { id }: NovaServer): Promise<number> {
  const path = `${pathOf(id)}/os-instance-actions`;
  const { instanceActions } = await region.read('compute', path, serverActionsSchema);
  return instanceActions.filter(({ action }) => action === 'reboot').length;
}
