import type { Server } from '#contract/farms/servers.ts';
import { endedServerStatuses } from '#contract/farms/statuses.ts';

import { capitalized } from '../../util/format.ts';

/** `pending_launch` as people read it. */
export function statusWords(status: string): string {
  return capitalized(status.replaceAll('_', ' '));
}

/** What a server is called within its farm. */
export function serverLabel(server: Server): string {
  return `${server.farmRole.alias} #${server.index}`;
}

/** Among servers of several farms. */
export function serverInFarm(server: Server): string {
  return `${serverLabel(server)} of ${server.farm.name} (${server.cloudServerId ?? 'not launched yet'})`;
}

export const serverKey = (server: Server) => server.id;

/** What tells servers of the same number in different farms apart. */
export const serverDetails = (server: Server) => [
  server.farm.name,
  server.cloudServerId ?? server.id,
];

/** Whether a server is ending or has ended: it is on no image, old or not (docs/domain.md, "Usage and staleness"). */
export function hasEnded({ status }: Server): boolean {
  return (endedServerStatuses as readonly string[]).includes(status);
}

/** Why a live server is on an old image; '' where it is not. */
export function whyOld(server: Server): string {
  if (hasEnded(server)) return '';
  const deprecated = server.image?.deprecated === true ? 'Its image is deprecated.' : '';
  const stale = server.stale
    ? `The role has ${server.roleImage.name} (${server.roleImage.cloudImageId}) now; a relaunch takes it.`
    : '';
  return [deprecated, stale].filter((part) => part !== '').join(' ');
}
