import { z } from 'zod';
import { verdictSchema } from '../actions.ts';
import { time, uuid } from '../fields.ts';
import { placeFields } from '../images/places.ts';
import { listQuery, searchQuery, searchText, sortQuery } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { operationObjectKinds } from './object-kinds.ts';

/** With what something was done: signed in, by an API key, on the command line, or by Slipway's own loops. */
export const operationVias = ['session', 'key', 'cli', 'system'] as const;
export type OperationVia = (typeof operationVias)[number];

/** Who, with what, from where: members of everything that was done or refused. */
const traceFields = {
  at: time,
  /** The operation's name in the API, and what people call it, after who did it. */
  operation: z.string(),
  words: z.string(),
  actor: z.object({
    /** An address, or the name of a loop or of who was at the command line. */
    email: z.string(),
    /** Null for who is not a user now. */
    id: z.int().nullable(),
    name: z.string().nullable(),
  }),
  via: z.enum(operationVias),
  /** Such as `key:` and the id of the key; null where nothing but Slipway itself was at work. */
  credential: z.string().nullable(),
  /** The address that it came from; null for what came from no network. */
  origin: z.string().nullable(),
  ...placeFields,
  accountName: z.string().nullable(),
  envName: z.string().nullable(),
};

/** An object that an operation changed. */
export const changedObject = z.object({
  kind: z.enum(operationObjectKinds),
  id: z.string(),
  /** As it was called then. */
  name: z.string().nullable(),
  ...placeFields,
  /** It is not there any more. */
  gone: z.boolean(),
});
export type ChangedObject = z.output<typeof changedObject>;

/** One change, whatever number of objects it took: docs/domain.md, "Activity". */
export const operationSchema = z.object({
  id: uuid,
  ...traceFields,
  reason: z.string().nullable(),
  /** The first few of those that the viewer may see. */
  objects: z.array(changedObject),
  /** How many there are, and how many more the viewer may not see. */
  counts: z.object({ objects: z.int(), hidden: z.int() }),
});
export type Operation = z.output<typeof operationSchema>;

/** A member that a change gave another value; links carry the name that their object has now. */
const difference = z.object({
  member: z.string(),
  before: z.json(),
  after: z.json(),
});

const changedInFull = changedObject.extend({
  change: z.enum(['made', 'changed', 'gone']),
  differences: z.array(difference),
});
export type ObjectChange = z.output<typeof changedInFull>;

/** How what was done is taken back: an operation on an object, and whether it is possible now. */
const wayBack = verdictSchema.extend({
  operation: z.string(),
  /** Such as `Roll back`. */
  label: z.string(),
  kind: z.enum(operationObjectKinds),
  id: z.string(),
});
export type WayBack = z.output<typeof wayBack>;

export const operationDetailSchema = operationSchema.extend({
  /** At most 100, in the order of the log; `counts` are whole. */
  changes: z.array(changedInFull),
  /** How it was done, where no object shows it. */
  options: z.object({ force: z.boolean().optional(), hard: z.boolean().optional() }),
  /** Null where no operation takes it back. */
  wayBack: wayBack.nullable(),
});
export type OperationDetail = z.output<typeof operationDetailSchema>;

export const denialSchema = z.object({
  id: z.int(),
  ...traceFields,
  /** The last one that counts in this row, and how many there were. */
  lastAt: time,
  count: z.int(),
  code: z.string(),
  message: z.string(),
});
export type Denial = z.output<typeof denialSchema>;

const objectForm =
  /^(?:imageSet:[a-z0-9.-]{1,100}\/.{1,255}|(?!imageSet:)[a-zA-Z]{1,20}:[0-9a-zA-Z-]{1,36})$/u;
const person = searchText;

const filters = {
  query: searchQuery.optional(),
  /** The address of who did it, or the name of a loop such as `system:image-copies`. */
  person: person.optional(),
  /** Only what changed an object of this kind. */
  kind: z.enum(operationObjectKinds, 'must be a kind of object').optional(),
  /** Such as `image:` and its id, or for a version `imageSet:ubuntu-24-04/web-1.2`: OS and name. */
  object: searchText
    .regex(objectForm, 'must be a kind and an id such as role:17, or imageSet:OS/NAME')
    .optional(),
  operation: searchText.optional(),
  /** From this moment on, and before that one. */
  from: time.optional(),
  to: time.optional(),
};
const sorts = ['at'] as const;

export const operationLogOperations = {
  operationList: list({
    id: 'operationList',
    path: '/operations/',
    summary: 'What was changed at and below this scope, latest first.',
    query: listQuery({ filters, sorts, includes: ['total'] }),
    response: z.array(operationSchema),
  }),
  operationExport: read({
    id: 'operationExport',
    path: '/operations/csv/',
    kind: 'csv',
    summary: 'The list as CSV, whole and in its order, safe to open in a spreadsheet.',
    query: z.strictObject({ ...filters, sort: sortQuery(sorts) }),
    response: z.string(),
  }),
  operationGet: read({
    id: 'operationGet',
    path: '/operations/{operationId}/',
    summary: 'One change: what was before and after, and how it is taken back.',
    params: z.object({ operationId: uuid }),
    response: operationDetailSchema,
  }),
  denialList: operation({
    id: 'denialList',
    method: 'GET',
    path: '/denials/',
    kind: 'list',
    permission: 'scopes.manage',
    summary: 'What was refused at and below this scope for want of a right, latest first.',
    query: listQuery({
      filters: { person: filters.person, from: filters.from, to: filters.to },
      sorts,
      includes: ['total'],
    }),
    response: z.array(denialSchema),
  }),
};
