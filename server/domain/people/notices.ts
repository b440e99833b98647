import type { SubscriptionEvent } from '#contract/people/subscriptions.ts';
import type { ScopedRow } from '../scopes.ts';

/** What there is to tell of an event; which members there are follows from the event. */
export interface NoticeFacts {
  name: string;
  newName?: string;
  by?: string | null;
  reason?: string | null;
  imageSet?: number | null;
  images?: number;
  replacement?: string;
  rollout?: string;
  failures?: number;
  cloudWords?: string | null;
  farm?: number;
  servers?: number;
}

interface Told {
  event: SubscriptionEvent;
  facts: NoticeFacts;
  /** Where it happened. */
  place: ScopedRow & { account_name: string | null; environment_name: string | null };
  /** What the subscription is about. */
  about: ScopedRow;
}

const some = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** What happened, in one line. */
export function noticeTitle({ event, facts, place }: Told): string {
  const where = placeWords(place);
  const { name } = facts;
  if (event === 'imageDeprecated') return `${name} was deprecated at ${where}`;
  if (event === 'replacementApplied')
    return `${name} was replaced with ${facts.newName ?? 'another image'} at ${where}`;
  if (event === 'rolloutStopped')
    return `The rollout of ${name} stopped after ${some(facts.failures ?? 0, 'failure')}`;
  return `${name} runs ${some(facts.servers ?? 0, 'server')} on an old image`;
}

/** All that there is to say, a fact a line. */
export function noticeLines(told: Told): string[] {
  const { facts } = told;
  return [
    `${noticeTitle(told)}.`,
    ...(facts.images === undefined ? [] : [`It concerns ${some(facts.images, 'image')}.`]),
    ...(facts.by ? [`By ${facts.by}.`] : []),
    ...(facts.reason ? [`Reason: ${facts.reason}`] : []),
    ...(facts.cloudWords ? [`The cloud said: ${facts.cloudWords}`] : []),
  ];
}

/** The page of what it is about, as whoever subscribed sees it. */
export function noticePath({ event, facts, place, about }: Told): string {
  if (event === 'farmOnOldImage') return `${scopePath(place)}/farms/${facts.farm}`;
  const base = scopePath(about);
  if (event === 'replacementApplied') return `${base}/replacements/${facts.replacement}`;
  if (event === 'rolloutStopped') return `${base}/rollouts/${facts.rollout}`;
  return typeof facts.imageSet === 'number'
    ? `${base}/image-sets/${facts.imageSet}`
    : `${base}/images`;
}

function scopePath({ account_id: account, environment_id: environment }: ScopedRow): string {
  if (environment !== null) return `/environments/${environment}`;
  return account === null ? '/corporate' : `/accounts/${account}`;
}

function placeWords({
  account_name: account,
  environment_name: environment,
}: Told['place']): string {
  if (account === null) return 'Corporate';
  return environment === null ? account : `${account} / ${environment}`;
}
