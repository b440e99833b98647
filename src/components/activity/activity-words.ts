import { kindWords } from '#contract/records/object-kinds.ts';
import type { ChangedObject, Operation } from '#contract/records/operations.ts';

import { capitalized } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopeOfPlace } from '../../util/places.ts';

/** Who did it: a person by name, Slipway's own loops and the command line in words. */
export function actorWords({ email, name }: Operation['actor']): string {
  if (email.startsWith('system:')) return `Slipway (${email.slice(7).replaceAll('-', ' ')})`;
  if (email.startsWith('cli:')) return `${email.slice(4)} on the command line`;
  return name ?? email;
}

const viaWords: Record<Operation['via'], string> = {
  session: 'on the page',
  key: 'with an API key',
  cli: 'on the command line',
  system: 'by itself',
};

/** With what and from where it was done. */
export function traceWords({ via, credential, origin }: Operation): string {
  const key = via === 'key' && credential !== null ? ` ${credential.slice(4)}` : '';
  return `${viaWords[via]}${key}${origin === null ? '' : ` from ${origin}`}`;
}

/** `image web-1.2`. */
export function objectWords({
  kind,
  id,
  name,
}: Pick<ChangedObject, 'kind' | 'id' | 'name'>): string {
  return `${kindWords[kind]} ${name === null || name === '' ? id : name}`;
}

export function kindLabel(kind: keyof typeof kindWords): string {
  return capitalized(kindWords[kind]);
}

type Address = (at: PathScope, id: string) => string;

const addresses: Partial<Record<ChangedObject['kind'], Address>> = {
  image: (at, id) => paths.image(at, id),
  imageSet: (at, id) => paths.imageSet(at, id),
  role: (at, id) => paths.role(at, id),
  farm: (at, id) => paths.farm(at, id),
  server: (at, id) => paths.server(at, id),
  replacement: (at, id) => paths.replacement(at, id),
  rollout: (at, id) => paths.rollout(at, id),
  policy: (at, id) => paths.policy(at, id),
  cloudCredentials: (at) => paths.clouds(at),
  user: (at, id) => paths.user(at, id),
  team: (at, id) => paths.team(at, id),
  cloudImage: (at, id) => paths.cloudImages(at, { dialog: 'references', on: id }),
  account: (_, id) => paths.images({ scope: 'account', accountId: Number(id) }),
  environment: (_, id) => paths.images({ scope: 'environment', environmentId: Number(id) }),
};

const isHigher = (object: ChangedObject, at: PathScope) =>
  object.scope === 'scalr' || (object.scope === 'account' && at.scope === 'environment');

/** The page of an object, where it has one and is still there. What lives above is looked at from here. */
export function objectAddress(at: PathScope, object: ChangedObject): string | undefined {
  if (object.gone) return undefined;
  return addresses[object.kind]?.(isHigher(object, at) ? at : scopeOfPlace(object), object.id);
}

/** What a way back is called in the addresses of dialogs. */
const dialogs: Record<string, string> = {
  replacementRollBack: 'roll-back',
  imageDeprecate: 'restore',
  imageSetDeprecate: 'restore',
  roleDeprecate: 'restore',
  imageDemote: 'demote',
  imageSetDemote: 'demote',
  roleDemote: 'demote',
  imagePromote: 'promote',
  rolePromote: 'promote',
  farmUnlock: 'unlock',
  farmResume: 'resume',
  farmLaunch: 'launch',
  serverResume: 'resume',
};

/** Where something is taken back: the page of its object, with the dialog where there is one. */
export function wayBackAddress(object: ChangedObject, operation: string): string | undefined {
  const there = scopeOfPlace(object);
  const address = addresses[object.kind]?.(there, object.id);
  const dialog = dialogs[operation];
  return address === undefined || dialog === undefined ? address : `${address}?dialog=${dialog}`;
}

/** Changes of one day, in the reader's own zone, in their order. */
export function groupByDay<Row extends { at: string }>(
  rows: readonly Row[],
  now: Date,
): { day: string; label: string; rows: Row[] }[] {
  const groups = Map.groupBy(rows, ({ at }) => new Date(at).toDateString());
  return [...groups].map(([day, some]) => ({
    day,
    label: dayWords(new Date(day), now),
    rows: some,
  }));
}

let dayFormat: Intl.DateTimeFormat | undefined;

function dayWords(day: Date, now: Date): string {
  if (day.toDateString() === now.toDateString()) return 'Today';
  const before = new Date(now);
  before.setDate(now.getDate() - 1);
  if (day.toDateString() === before.toDateString()) return 'Yesterday';
  dayFormat ??= new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  return dayFormat.format(day);
}
