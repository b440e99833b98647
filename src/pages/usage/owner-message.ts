import { cloudPlatformLabel } from '#contract/images/platforms.ts';
import type { Server } from '#contract/farms/servers.ts';
import type { UsageRow } from '#contract/farms/usage.ts';

import { formatQuantity } from '../../util/format.ts';

import { isCuredByRelaunch } from './usage-words.ts';

/** Stands where only the sender knows what to write. */
export const deadlinePlaceholder = '[date]';

/** How many servers are named before the rest is only counted. */
const namedServers = 20;

type MessageServer = Pick<Server, 'cloudServerId' | 'index' | 'farmRole' | 'image'>;

interface MessageFacts {
  /** Rows of one owner, at least one. */
  rows: readonly UsageRow[];
  /** Servers on old images in the farms of the rows; those of other rows are left out. */
  servers: readonly MessageServer[];
  /** Where the owner finds a farm's servers. */
  farmUrl: (row: UsageRow) => string;
  /** Who writes. */
  sender: string;
}

interface Message {
  to: { name: string; email: string };
  subject: string;
  body: string;
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

function farmsOf(rows: readonly UsageRow[]): UsageRow[][] {
  const byFarm = Map.groupBy(rows, (row) => row.farm.id);
  return [...byFarm.values()].toSorted(
    ([a], [b]) => a?.farm.name.localeCompare(b?.farm.name ?? '') ?? 0,
  );
}

function imageWords(image: UsageRow['image']): string {
  const { name, cloudImageId, deprecated } = image;
  return `${name} (${cloudImageId}${deprecated ? ', deprecated' : ''})`;
}

function newImageWords(row: UsageRow): string {
  if (isCuredByRelaunch(row)) return imageWords(row.roleImage);
  if (!row.stale) return 'none yet, the role still has the old one';
  return `none yet, the role has ${imageWords(row.roleImage)}`;
}

function serverWords(row: UsageRow, servers: readonly MessageServer[]): string {
  const names = servers
    .filter(({ farmRole, image }) => farmRole.id === row.farmRole.id && image?.id === row.image.id)
    .toSorted((a, b) => a.index - b.index)
    .slice(0, namedServers)
    .map(({ cloudServerId, index }) => `#${index} ${cloudServerId ?? '(being launched)'}`);
  const others = row.servers.old - names.length;
  if (names.length === 0) return formatQuantity(others, 'server');
  return [...names, ...(others > 0 ? [`and ${others} more`] : [])].join(', ');
}

function rowLines(row: UsageRow, servers: readonly MessageServer[]): string[] {
  const alias = row.farmRole.alias === row.role.name ? '' : ` (as ${row.farmRole.alias})`;
  const cloud = cloudPlatformLabel[row.cloudPlatform] ?? row.cloudPlatform;
  const place = `${cloud} ${row.cloudLocation}`.trim();
  return [
    `- Role ${row.role.name}${alias}, ${place}: ${row.servers.old} of ${formatQuantity(row.servers.live, 'server')}`,
    `  Old image: ${imageWords(row.image)}`,
    `  New image: ${newImageWords(row)}`,
    `  Servers: ${serverWords(row, servers)}`,
  ];
}

/** What to do, once for all rows: it depends on whether the role already has a newer image. */
function adviceLines(rows: readonly UsageRow[]): string[] {
  const curable = rows.filter(isCuredByRelaunch);
  const others = rows.filter((row) => !isCuredByRelaunch(row));
  const isMixed = curable.length > 0 && others.length > 0;
  const roles = unique(others.map((row) => row.role.name)).join(', ');
  return [
    ...(curable.length === 0
      ? []
      : [
          `${isMixed ? 'Where a new image is named: please' : 'Please'} terminate the servers listed above one by one. Autoscaling launches a replacement for each, from the new image; wait until it runs before you terminate the next.`,
        ]),
    ...(others.length === 0
      ? []
      : [
          `${isMixed ? 'Where none is named yet: please' : 'Please'} do not terminate servers before there is a newer image, since replacements would start from a deprecated one again. Move the farm to a role that has a current image, or ask for a new image in ${roles}; then terminate the servers one by one.`,
        ]),
  ];
}

/** A message to the owner of farms with servers on old images, to be edited and sent by people. */
export function composeMessage({ rows, servers, farmUrl, sender }: MessageFacts): Message {
  const [first] = rows;
  if (first === undefined) throw new Error('A message is about at least one row');
  const farms = farmsOf(rows);
  const amount = rows.reduce((sum, row) => sum + row.servers.old, 0);
  const where =
    farms.length === 1
      ? `in farm ${first.farm.name}`
      : `in ${formatQuantity(farms.length, 'farm')}`;
  const run = amount === 1 ? 'runs an old image' : 'run old images';
  const blocks = farms.flatMap((ofFarm) =>
    ofFarm
      .slice(0, 1)
      .flatMap((head) => [
        `Farm ${head.farm.name} (${head.accountName} / ${head.envName})`,
        ...ofFarm.flatMap((row) => rowLines(row, servers)),
        `  All its servers on old images: ${farmUrl(head)}`,
        '',
      ]),
  );
  return {
    to: first.owner,
    subject: `${formatQuantity(amount, 'server')} on old images ${where}`,
    body: [
      `Hello ${first.owner.name},`,
      '',
      `${formatQuantity(amount, 'server')} ${where} still ${run}: images that are deprecated or that their role has moved on from.`,
      '',
      ...blocks,
      ...adviceLines(rows),
      '',
      `Please have this done by ${deadlinePlaceholder}.`,
      '',
      'Thank you,',
      sender,
    ].join('\n'),
  };
}

/** Opens a mail program with the message. Lines end with CR LF there (RFC 6068). */
export function mailtoUrl(message: { email: string; subject: string; body: string }): string {
  const email = encodeURIComponent(message.email).replace('%40', '@');
  const body = encodeURIComponent(message.body.replaceAll(/\r?\n/g, '\r\n'));
  return `mailto:${email}?subject=${encodeURIComponent(message.subject)}&body=${body}`;
}
