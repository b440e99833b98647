import { objectQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';
import type { UsageFilters } from './usage.ts';

type Body = Input<'ownerContactPreview'>['body'];

/** What messages are about: what filters of usage leave, some farms, or what a rollout moves. */
export type ContactFilters = UsageFilters & Pick<NonNullable<Body['filters']>, 'farms' | 'rollout'>;

/** Such filters as bodies hold them: those that are set. Ids may be text there as well. */
export function inBody(filters: ContactFilters): NonNullable<Body['filters']> {
  const set = Object.entries(filters).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(set);
}

/** The owners under filters of usage, where it stands with each, and the message to one. */
export function ownerContactsQuery(at: PathScope, body: Body) {
  return objectQuery('ownerContactPreview', at, { body });
}

/** Sends owners a message each: `change({ body: { filters, template, owners } })`. */
export function useSendToOwners(at: PathScope) {
  return useOperation('ownerContactSend', at);
}

/** Says until when one's own farms are going to be moved: `change({ body: { filters, until } })`. */
export function useAnswerUntil(at: PathScope) {
  return useOperation('ownerContactAnswer', at);
}
