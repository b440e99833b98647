import type { MessageTemplate } from '#contract/farms/owner-contacts.ts';
import type { UsageRow } from '#contract/farms/usage.ts';
import { cloudPlatformLabel } from '#contract/images/platforms.ts';
import { type KeptFarmRole, planKeeping } from './farms/keeping.ts';
import type { Refusal } from './refusal.ts';

/** Stands where only the sender knows what to write; a message that still has it is not sent. */
export const deadlinePlaceholder = '[date]';

/** The message unless somebody writes another: docs/domain.md, "Contacting owners". */
export const usualTemplate: MessageTemplate = {
  subject: '{servers} on old images {where}',
  body: `Hello {owner},

still on old images: {servers} {where}. These images are deprecated, or their role has moved on from them.

{farms}

{advice}

Please have this done by ${deadlinePlaceholder}. If you need longer, say until when:
{links}

Thank you,
{sender}`,
};

/** How many servers and rows are named before the rest is only counted. */
export const namedServers = 20;
const namedRows = 100;

export interface OwnerMessageFacts {
  /** All of one owner, by farm; at least one. */
  rows: readonly UsageRow[];
  /** Of the rows' farm roles, by id. */
  kept: ReadonlyMap<number, KeptFarmRole>;
  /** The first servers of each row, by the row's id. */
  servers: ReadonlyMap<string, readonly { index: number; cloudServerId: string | null }[]>;
  /** Where people reach Slipway, without a slash at the end. */
  address: string;
  /** Who writes. */
  sender: string;
}

type Values = Record<
  'owner' | 'servers' | 'where' | 'farms' | 'advice' | 'links' | 'sender',
  string
>;
const placeholders = ['owner', 'servers', 'where', 'farms', 'advice', 'links', 'sender'];
const braces = /\{(\w+)\}/g;

/** What is wrong with a template, if anything is. */
export function findTemplateRefusal({ subject, body }: MessageTemplate): Refusal | undefined {
  for (const [field, text] of [
    ['subject', subject],
    ['body', body],
  ] as const) {
    const unknown = [...text.matchAll(braces)].find(
      ([, name = '']) => !placeholders.includes(name),
    );
    if (unknown)
      return {
        code: 'InvalidValue',
        field: `template.${field}`,
        reason: `Nothing is known to stand for ${unknown[0]}. Use ${placeholders.map((name) => `{${name}}`).join(', ')}.`,
      };
  }
  return undefined;
}

/** As findTemplateRefusal, and nothing is left for the sender to fill in. */
export function findSendingRefusal(template: MessageTemplate): Refusal | undefined {
  const field = (['subject', 'body'] as const).find((one) =>
    template[one].includes(deadlinePlaceholder),
  );
  if (field === undefined) return findTemplateRefusal(template);
  return {
    code: 'InvalidValue',
    field: `template.${field}`,
    reason: `The message still says ${deadlinePlaceholder}: put a date there.`,
  };
}

/** The message to one owner: a template filled in with what is theirs, and nothing of anybody else. */
export function composeMessage(template: MessageTemplate, facts: OwnerMessageFacts) {
  const { rows, address, sender } = facts;
  const [first] = rows;
  if (first === undefined) throw new Error('A message is about at least one row');
  const byName = rows.toSorted((a, b) => a.farm.name.localeCompare(b.farm.name));
  const farms = [...Map.groupBy(byName.slice(0, namedRows), ({ farm }) => farm.id).values()];
  const inAll = new Set(rows.map(({ farm }) => farm.id)).size;
  const values: Values = {
    owner: first.owner.name,
    servers: quantity(sum(rows.map(({ servers }) => servers.old)), 'server'),
    where: inAll === 1 ? `in farm ${first.farm.name}` : `in ${inAll} farms`,
    farms: [
      ...farms.map((ofFarm) => farmLines(ofFarm, facts).join('\n')),
      ...(rows.length > namedRows
        ? [`And ${quantity(rows.length - namedRows, 'more farm role')}: see below.`]
        : []),
    ].join('\n\n'),
    advice: adviceLines(rows).join('\n\n'),
    links: linksOf(rows, address).join('\n'),
    sender,
  };
  const fill = (text: string) =>
    text.replaceAll(braces, (all, name: string) => values[name as keyof Values] ?? all);
  return { subject: fill(template.subject), body: fill(template.body) };
}

/** Where an owner sees what is theirs, one page for each environment. They are addresses of the page. */
export function linksOf(rows: readonly UsageRow[], address: string): string[] {
  const ofEach = new Set(
    rows.map(({ envId, owner }) => `${address}/environments/${envId}/usage?owner=${owner.id}`),
  );
  return [...ofEach];
}

function farmLines(rows: readonly UsageRow[], facts: OwnerMessageFacts): string[] {
  const [head] = rows;
  if (head === undefined) return [];
  return [
    `Farm ${head.farm.name} (${head.accountName} / ${head.envName})`,
    ...rows.flatMap((row) => rowLines(row, facts)),
    `  All its servers on old images: ${facts.address}/environments/${head.envId}/farms/${head.farm.id}?old=true`,
  ];
}

function rowLines(row: UsageRow, { kept, servers }: OwnerMessageFacts): string[] {
  const alias = row.farmRole.alias === row.role.name ? '' : ` (as ${row.farmRole.alias})`;
  const cloud = cloudPlatformLabel[row.cloudPlatform] ?? row.cloudPlatform;
  const place = `${cloud} ${row.cloudLocation}`.trim();
  const farmRole = kept.get(row.farmRole.id);
  return [
    `- Role ${row.role.name}${alias}, ${place}: ${row.servers.old} of ${quantity(row.servers.live, 'server')}`,
    `  Old image: ${imageWords(row.image)}`,
    `  New image: ${newImageWords(row)}`,
    `  Servers: ${serverWords(row, servers.get(row.id) ?? [])}`,
    ...(farmRole && isCuredByRelaunch(row)
      ? [`  Once terminated: ${returnWords(row, farmRole)}`]
      : []),
  ];
}

/** Whether a relaunch takes a current image: the role has moved on, to one that is not deprecated itself. */
function isCuredByRelaunch({ stale, roleImage }: UsageRow): boolean {
  return stale && !roleImage.deprecated;
}

function imageWords({ name, cloudImageId, deprecated }: UsageRow['image']): string {
  return `${name} (${cloudImageId}${deprecated ? ', deprecated' : ''})`;
}

function newImageWords(row: UsageRow): string {
  if (isCuredByRelaunch(row)) return imageWords(row.roleImage);
  if (!row.stale) return 'none yet, the role still has the old one';
  return `none yet, the role has ${imageWords(row.roleImage)}`;
}

function serverWords(
  row: UsageRow,
  servers: readonly { index: number; cloudServerId: string | null }[],
): string {
  const names = servers.map(
    ({ cloudServerId, index }) => `#${index} ${cloudServerId ?? '(being launched)'}`,
  );
  const others = row.servers.old - names.length;
  if (names.length === 0) return quantity(others, 'server');
  return [...names, ...(others > 0 ? [`and ${others} more`] : [])].join(', ');
}

/** What the keeper does once all old servers of a row are gone: docs/domain.md, "What is kept". */
export function returnWords(
  { servers }: Pick<UsageRow, 'servers'>,
  farmRole: KeptFarmRole,
): string {
  const plan = planKeeping({ ...farmRole, live: Math.max(farmRole.live - servers.old, 0) });
  if ('rest' in plan && plan.rest === 'farm')
    return `none comes back by itself, since the farm is ${farmRole.farm_status}`;
  if ('rest' in plan && plan.rest === 'scaling')
    return 'none comes back by itself, since scaling is off; launch new ones by hand';
  const minimum = `the minimum is ${farmRole.min_servers}`;
  const back = 'launch' in plan ? Math.min(plan.launch, servers.old) : 0;
  if (back === 0)
    return `none comes back by itself, since ${minimum}; launch as many as you need by hand`;
  if (back === servers.old)
    return back === 1 ? 'it comes back by itself' : 'all come back by themselves';
  return `${back} of ${servers.old} ${back === 1 ? 'comes back by itself' : 'come back by themselves'}, since ${minimum}; launch the others by hand if you need them`;
}

/** What to do, once for all rows: it depends on whether the role already has a newer image. */
function adviceLines(rows: readonly UsageRow[]): string[] {
  const curable = rows.filter(isCuredByRelaunch);
  const others = rows.filter((row) => !isCuredByRelaunch(row));
  const isMixed = curable.length > 0 && others.length > 0;
  const roles = [...new Set(others.map(({ role }) => role.name))].join(', ');
  return [
    ...(curable.length === 0
      ? []
      : [
          `${isMixed ? 'Where a new image is named: please' : 'Please'} terminate the servers listed above one by one, and wait until the new one runs before you terminate the next. Slipway launches what a farm role lacks to its minimum, from the new image. What is above the minimum does not come back by itself, and nothing does where scaling is off: each role says above what to expect.`,
        ]),
    ...(others.length === 0
      ? []
      : [
          `${isMixed ? 'Where none is named yet: please' : 'Please'} do not terminate servers before there is a newer image, since new ones would start from an old one again. Move the farm to a role that has a current image, or ask for a new image in ${roles}; then terminate the servers one by one.`,
        ]),
  ];
}

function quantity(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
