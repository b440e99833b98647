import { z } from 'zod';
import { verdictSchema } from '../actions.ts';
import { idText, time, uuid } from '../fields.ts';
import { placeFields } from '../images/places.ts';
import { listQuery } from '../list.ts';
import { list, operation, read } from '../operation.ts';
import { rolloutGroupSchema } from './rollout-groups.ts';
import {
  planRolloutSchema,
  rolloutPlanSchema,
  rolloutServerSchema,
  rolloutServerStates,
  rolloutSettingsSchema,
} from './rollout-members.ts';

/** `stopped`: too many new servers did not come up. `expired`: planned a day ago, and not started since. */
export const rolloutStates = [
  'planned',
  'running',
  'paused',
  'stopped',
  'done',
  'cancelled',
  'expired',
] as const;
export type RolloutState = (typeof rolloutStates)[number];

/** What somebody asked to be moved; `scope` is everything old at and below it. */
export const rolloutTargets = [
  'farm',
  'farmRole',
  'servers',
  'image',
  'imageSet',
  'replacement',
  'owner',
  'scope',
] as const;

/** Servers by how far they are, of those that the viewer may see. */
const countsSchema = z.object({
  total: z.int(),
  waiting: z.int(),
  moving: z.int(),
  baking: z.int(),
  moved: z.int(),
  skipped: z.int(),
});
export type RolloutCounts = z.output<typeof countsSchema>;

/** Servers that are moved to the image that their roles have now: docs/domain.md, "Rollouts". */
export const rolloutSchema = z.object({
  id: uuid,
  ...placeFields,
  state: z.enum(rolloutStates),
  target: z.object({
    type: z.enum(rolloutTargets),
    /** As text, whatever it is an id of; null for many servers, and for a whole scope. */
    id: z.string().nullable(),
    /** As it was called when this was planned. */
    name: z.string(),
  }),
  /** Of one that was asked for by a replacement. */
  replacement: z.object({ id: uuid }).nullable(),
  settings: rolloutSettingsSchema,
  at: time,
  by: z.string(),
  reason: z.string().nullable(),
  /** Until when it can be started; null once it was. */
  expiresAt: time.nullable(),
  started: time.nullable(),
  startedBy: z.string().nullable(),
  ended: time.nullable(),
  /** New servers that did not come up, since it was started or last resumed. */
  failures: z.int(),
  /** What the cloud said of the last of them. */
  cloudWords: z.string().nullable(),
  undoes: z.object({ id: uuid }).nullable(),
  undoneBy: z.object({ id: uuid }).nullable(),
  counts: countsSchema,
  /** Rises with each act on it; `If-Match` may name it. */
  version: z.int(),
});
export type Rollout = z.output<typeof rolloutSchema>;

/** What a farm role of the present wave is at. */
const nowSchema = z.object({
  farm: z.object({ id: z.int(), name: z.string() }),
  farmRole: z.object({ id: z.int(), alias: z.string() }),
  waiting: z.int(),
  moving: z.int(),
  baking: z.int(),
  /** One sentence: what happens there, or what it waits for. */
  words: z.string(),
});
export type RolloutNow = z.output<typeof nowSchema>;

export const rolloutDetailSchema = rolloutSchema.extend({
  /** Which wave is under way, and how many there are; null unless it has been started. */
  wave: z.object({ now: z.int(), of: z.int() }).nullable(),
  /** At most 50 farm roles, those under way first; none once it has ended. */
  now: z.array(nowSchema),
  /** New servers that did not come up, latest first; at most 50. */
  failureList: z.array(rolloutServerSchema),
  /** Groups that something else runs and that it moves in their cloud; at most 200. */
  groups: z.array(rolloutGroupSchema),
  /** How long the rest takes, by what was measured; null unless it runs. */
  secondsLeft: z.int().nullable(),
  /** What it would do now; null once it was started or given up. */
  plan: rolloutPlanSchema.nullable(),
  actions: z.object({
    start: verdictSchema,
    pause: verdictSchema,
    resume: verdictSchema,
    cancel: verdictSchema,
    undo: verdictSchema,
  }),
});
export type RolloutDetail = z.output<typeof rolloutDetailSchema>;

const commaList = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z
    .string()
    .transform((value) => value.split(',').filter((part) => part !== ''))
    .pipe(z.array(z.enum(values, `may name ${values.join(', ')}`)).min(1));

const params = z.object({ rolloutId: uuid });

/** What a person does with a rollout: it may be done at its own scope alone. */
function act<const Id extends string, const Verb extends string>(
  id: Id,
  verb: Verb,
  summary: string,
) {
  return operation({
    id,
    method: 'POST',
    path: `/rollouts/{rolloutId}/actions/${verb}/`,
    permission: 'farms.manage',
    summary,
    params,
    response: rolloutDetailSchema,
  });
}

export const rolloutOperations = {
  rolloutList: list({
    id: 'rolloutList',
    path: '/rollouts/',
    summary:
      'Rollouts made at and below this scope, and those above it that move servers here; newest first.',
    query: listQuery({
      filters: {
        /** A comma list; all that were started unless said. */
        state: commaList(rolloutStates).optional(),
        /** A farm whose servers it moves. */
        farm: idText.optional(),
        replacement: uuid.optional(),
      },
      sorts: ['at'],
      includes: ['total'],
    }),
    response: z.array(rolloutSchema),
  }),
  rolloutGet: read({
    id: 'rolloutGet',
    path: '/rollouts/{rolloutId}/',
    summary:
      'One rollout: how far it is, what it does now, what went wrong, and how long it takes.',
    params,
    response: rolloutDetailSchema,
  }),
  rolloutServerList: list({
    id: 'rolloutServerList',
    path: '/rollouts/{rolloutId}/servers/',
    summary: 'The servers of a rollout in the order in which they are moved.',
    params,
    query: listQuery({
      filters: {
        state: commaList(rolloutServerStates).optional(),
        farm: idText.optional(),
      },
      sorts: ['position'],
      includes: ['total'],
    }),
    response: z.array(rolloutServerSchema),
  }),
  rolloutPlan: operation({
    id: 'rolloutPlan',
    method: 'POST',
    path: '/rollouts/',
    permission: 'farms.manage',
    status: 201,
    summary:
      'Plan to move servers to the image that their Roles have now; it is kept for a day and moves nothing.',
    body: planRolloutSchema,
    response: rolloutDetailSchema,
  }),
  rolloutStart: act('rolloutStart', 'start', 'Move the servers as planned, a few at a time.'),
  rolloutPause: act('rolloutPause', 'pause', 'Move nothing more for now; what moves is finished.'),
  rolloutResume: act('rolloutResume', 'resume', 'Go on with a rollout that was paused or stopped.'),
  rolloutCancel: act('rolloutCancel', 'cancel', 'Move nothing more; what moves is finished.'),
  rolloutUndo: act(
    'rolloutUndo',
    'undo',
    'Put the previous images back into the Roles, and move the servers that were moved back to them.',
  ),
};
