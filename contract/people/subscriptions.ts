import { z } from 'zod';
import { bounded, id, idText, time } from '../fields.ts';
import { placeSchema } from '../images/places.ts';
import { operation } from '../operation.ts';

/** What people can be told of: docs/domain.md, "Being told". */
export const subscriptionEvents = [
  'imageDeprecated',
  'replacementApplied',
  'rolloutStopped',
  'farmOnOldImage',
] as const;
export type SubscriptionEvent = (typeof subscriptionEvents)[number];

export const eventWords: Record<SubscriptionEvent, string> = {
  imageDeprecated: 'An image is deprecated',
  replacementApplied: 'An image is replaced',
  rolloutStopped: 'A rollout stops after failures',
  farmOnOldImage: 'A farm of mine runs servers on an old image',
};

export const subscriptionChannels = ['mail', 'webhook'] as const;

/** What somebody wants to be told of, about which scope, and how. */
export const subscriptionSchema = placeSchema.extend({
  id: z.int(),
  events: z.array(z.enum(subscriptionEvents)),
  channel: z.enum(subscriptionChannels),
  /** Of a webhook. */
  url: z.string().nullable(),
  /** Nothing is told while it is not. */
  active: z.boolean(),
  created: time,
  /** When something was last told; null for never. */
  lastTold: time.nullable(),
  /** Why the last could not be, if it could not. */
  lastError: z.string().nullable(),
  /** Rises with every change; `If-Match` may name it. */
  version: z.int(),
});
export type Subscription = z.output<typeof subscriptionSchema>;

const events = z
  .array(z.enum(subscriptionEvents))
  .min(1, 'must name one or more')
  .max(subscriptionEvents.length)
  .refine((all) => new Set(all).size === all.length, 'names one twice');

export const newSubscriptionSchema = z.strictObject({
  events,
  channel: z.enum(subscriptionChannels),
  /** Of a webhook: `https://`, and a host in the open internet unless whoever runs Slipway allows others. */
  url: bounded(2_000, 1)
    .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), {
      error: 'must be https:// or http://, and a host',
    })
    .refine((text) => !(URL.parse(text)?.username || URL.parse(text)?.password), {
      error: 'must have no user and no password',
    })
    .optional(),
  /** What it is about: an account, or an environment; left out, everything that one may see. */
  accountId: id.optional(),
  envId: id.optional(),
});
export type NewSubscription = z.output<typeof newSubscriptionSchema>;

const shared = { levels: ['self'], permission: 'signed-in' } as const;
const params = z.object({ subscriptionId: idText });
const path = '/subscriptions/{subscriptionId}/';

export const subscriptionOperations = {
  subscriptionList: operation({
    ...shared,
    id: 'subscriptionList',
    method: 'GET',
    path: '/subscriptions/',
    kind: 'list',
    summary: 'What you want to be told of, oldest first.',
    response: z.array(subscriptionSchema),
  }),
  subscriptionCreate: operation({
    ...shared,
    recorded: true,
    id: 'subscriptionCreate',
    method: 'POST',
    path: '/subscriptions/',
    status: 201,
    secret: true,
    summary:
      'Be told by mail or webhook of what happens. Only this answer has what requests to a webhook are signed with.',
    body: newSubscriptionSchema,
    response: subscriptionSchema.extend({ signingSecret: z.string().nullable() }),
  }),
  subscriptionUpdate: operation({
    ...shared,
    recorded: true,
    id: 'subscriptionUpdate',
    method: 'PATCH',
    path,
    summary: 'Be told of something else, or of nothing for a while.',
    params,
    body: z.strictObject({ events: events.optional(), active: z.boolean().optional() }),
    response: subscriptionSchema,
  }),
  subscriptionDelete: operation({
    ...shared,
    recorded: true,
    id: 'subscriptionDelete',
    method: 'DELETE',
    path,
    summary: 'Be told no more.',
    params,
    response: z.null(),
  }),
  subscriptionEnd: operation({
    levels: ['self'],
    permission: 'none',
    recorded: true,
    id: 'subscriptionEnd',
    method: 'POST',
    path: '/subscription-ends/',
    summary: 'Be told no more, with the link of a mail.',
    body: z.strictObject({ token: z.uuid() }),
    response: z.null(),
  }),
};
