import { z } from 'zod';
import { id, line, referenceInput, text, time, uuid } from '../fields.ts';
import { ownerSchema } from '../images/places.ts';
import { operation } from '../operation.ts';
import { usageFilters } from './usage.ts';

/** Where it stands with an owner: docs/domain.md, "Contacting owners". */
export const contactStates = [
  'not_contacted',
  'sending',
  'sent',
  'failed',
  'asked',
  'done',
] as const;
export type ContactState = (typeof contactStates)[number];

const day = z.iso.date('must be a day such as 2026-12-31');

/** Subject and text, in which `{owner}` and the like stand for what differs from owner to owner. */
export const messageTemplateSchema = z.object({
  subject: line(300, 1),
  body: text(20_000, 1),
});
export type MessageTemplate = z.output<typeof messageTemplateSchema>;

/** An owner of farms that the filters find, and where it stands with them. */
export const ownerContactSchema = z.object({
  id: z.int(),
  owner: ownerSchema,
  /** What is still on old images; 0 once it is done. */
  farms: z.int(),
  farmRoles: z.int(),
  servers: z.int(),
  state: z.enum(contactStates),
  /** When the owner was written to last. */
  at: time.nullable(),
  /** Until when the owner has asked to be left alone. */
  until: z.iso.date().nullable(),
  /** What the mail server or the webhook said when it failed, or while it is tried again. */
  words: z.string().nullable(),
  /** Why no message can reach the owner. */
  unreachable: z.string().nullable(),
  /** A message goes to this owner unless others are named. */
  due: z.boolean(),
});
export type OwnerContact = z.output<typeof ownerContactSchema>;

/** A message to an owner, as records keep it. */
export const ownerMessageSchema = z.object({
  id: uuid,
  owner: ownerSchema,
  subject: z.string(),
  body: z.string(),
  /** How it went on each way; null where it does not go. */
  mail: z.enum(['queued', 'sent', 'failed']).nullable(),
  webhook: z.enum(['queued', 'sent', 'failed']).nullable(),
  words: z.string().nullable(),
});

/** Until when an owner has asked to be left alone, as records keep it; the id is that of the owner. */
export const ownerAnswerSchema = z.object({
  id: z.int(),
  until: z.iso.date(),
  farms: z.array(z.object({ id: z.int() })),
});

/** The same filters as in usage, in a body, where ids are numbers; and some farms, or those of a rollout. */
const filtersSchema = z.strictObject({
  ...usageFilters,
  account: id.optional(),
  environment: id.optional(),
  owner: id.optional(),
  farm: id.optional(),
  role: id.optional(),
  imageSet: id.optional(),
  observed: z.boolean().optional(),
  /** Any of these. */
  farms: z.array(id).min(1, 'must name a farm').max(500, 'must name at most 500 farms').optional(),
  /** Those whose servers this rollout moves. */
  rollout: uuid.optional(),
});

const previewSchema = z.object({
  /** How messages go out; where neither does, people send them by themselves. */
  channels: z.object({ mail: z.boolean(), webhook: z.boolean() }),
  /** The one that was given, or the usual one. */
  template: messageTemplateSchema,
  owners: z.array(ownerContactSchema),
  /** Of `owners` there are at most 500. */
  total: z.int(),
  /** To the owner that was asked for. */
  message: z.object({ to: ownerSchema, subject: z.string(), body: z.string() }).nullable(),
});

export const ownerContactOperations = {
  ownerContactPreview: operation({
    id: 'ownerContactPreview',
    method: 'POST',
    path: '/owner-contacts/actions/preview/',
    permission: 'view',
    summary:
      'The owners of farms with servers on old images, where it stands with each, and the message to one.',
    body: z.strictObject({
      filters: filtersSchema.optional(),
      template: messageTemplateSchema.strict().optional(),
      owner: referenceInput(id).optional(),
      /** The message is about these rows of usage alone. */
      rows: z.array(line(100, 1)).min(1).max(100).optional(),
    }),
    response: previewSchema,
  }),
  ownerContactSend: operation({
    id: 'ownerContactSend',
    method: 'POST',
    path: '/owner-contacts/actions/send/',
    permission: 'farms.manage',
    summary: 'Sends each owner a message about their own farms with servers on old images.',
    status: 202,
    body: z.strictObject({
      filters: filtersSchema.optional(),
      template: messageTemplateSchema.strict(),
      /** These, whatever their state; left out, those who were not written to since. */
      owners: z.array(referenceInput(id)).min(1).max(500).optional(),
    }),
    response: z.object({
      messages: z.array(z.object({ id: uuid, owner: ownerSchema, servers: z.int() })),
      /** How many more are due: at most 500 go at once. */
      left: z.int(),
    }),
  }),
  ownerContactAnswer: operation({
    id: 'ownerContactAnswer',
    method: 'POST',
    path: '/owner-contacts/actions/answer/',
    permission: 'view',
    keeps: true,
    summary: 'Says until when the servers on old images of your own farms are going to be moved.',
    body: z.strictObject({ filters: filtersSchema.optional(), until: day }),
    response: z.object({ until: z.iso.date(), farms: z.int(), servers: z.int() }),
  }),
};
