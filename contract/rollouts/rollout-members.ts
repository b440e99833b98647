import { z } from 'zod';
import { verdictSchema } from '../actions.ts';
import { id, reason, referenceInput, uuid } from '../fields.ts';
import { ownerSchema } from '../images/places.ts';
import { planDifferenceSchema, planDigest } from '../plans.ts';
import { plannedGroupSchema } from './rollout-groups.ts';

/** A number such as 2, or a percentage of a farm role's servers such as 25%; never less than one server. */
export const amount = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z
    .string()
    .regex(
      /^(?:[1-9][0-9]{0,2}|(?:100|[1-9][0-9]?)%)$/,
      'must be a number from 1 to 999, or a percentage such as 25%',
    ),
);

const seconds = (most: number) =>
  z
    .int('must be whole seconds')
    .min(0, 'must be 0 or more')
    .max(most, `must be at most ${most} seconds`);

/** How servers are moved; what is left out has the default that is named in docs/domain.md, "Rollouts". */
export const rolloutOptions = {
  /** Environments in the order in which they are moved, some at once; those that are not named come last. */
  waves: z
    .array(
      z
        .array(referenceInput(id))
        .min(1, 'must name an environment')
        .max(1_000, 'must name at most 1000 environments'),
    )
    .max(100, 'must have at most 100 waves')
    .optional(),
  /** How many servers of a farm role are moved at once. */
  batchSize: amount.optional(),
  /** How many servers of a farm role may be down at once, whatever the cause. */
  maxUnavailable: amount.optional(),
  /** Between two batches of a farm role. */
  pauseSeconds: seconds(172_800).optional(),
  /** How long a new server has to run before its move counts. */
  bakeSeconds: seconds(172_800).optional(),
  /** After so many new servers that did not come up, nothing more is moved. */
  stopAfterFailures: z
    .int()
    .min(1, 'must be 1 or more')
    .max(1_000, 'must be at most 1000')
    .optional(),
  /** Whether servers are moved too in whose place nothing would come by itself. */
  replaceAll: z.boolean().optional(),
  reason: reason.optional(),
};

/** What to move: at most one of these; without any, everything old at and below the scope. */
export const planRolloutSchema = z.strictObject({
  farm: referenceInput(id).optional(),
  farmRole: referenceInput(id).optional(),
  servers: z
    .array(referenceInput(uuid))
    .min(1, 'must name a server')
    .max(10_000, 'must name at most 10000 servers')
    .optional(),
  image: referenceInput(uuid).optional(),
  imageSet: referenceInput(id).optional(),
  replacement: referenceInput(uuid).optional(),
  /** Who owns the farms. */
  owner: referenceInput(id).optional(),
  ...rolloutOptions,
});
export type PlanRollout = z.output<typeof planRolloutSchema>;

/** How servers are moved, with everything said. */
export const rolloutSettingsSchema = z.object({
  waves: z.array(z.array(z.object({ id: z.int() }))),
  batchSize: z.string(),
  maxUnavailable: z.string(),
  pauseSeconds: z.int(),
  bakeSeconds: z.int(),
  stopAfterFailures: z.int(),
  replaceAll: z.boolean(),
});
export type RolloutSettings = z.output<typeof rolloutSettingsSchema>;

export const rolloutServerStates = ['waiting', 'moving', 'baking', 'moved', 'skipped'] as const;
export type RolloutServerState = (typeof rolloutServerStates)[number];

const farmInShort = z.object({ id: z.int(), name: z.string() });
const farmRoleInShort = z.object({ id: z.int(), alias: z.string() });
const imageName = z.object({ id: uuid, name: z.string() });

const plannedServerSchema = z.object({
  id: uuid,
  hostname: z.string(),
  index: z.int(),
  farm: farmInShort,
  farmRole: farmRoleInShort,
  envId: z.int(),
  envName: z.string(),
  image: imageName.nullable(),
  roleImage: imageName,
});

/** Another rollout that has not ended and works on a farm. */
export const busyFarmSchema = farmInShort.extend({ rollout: z.object({ id: uuid }) });

/** What a rollout would do now; `allowed` says whether the caller may start it here. */
export const rolloutPlanSchema = verdictSchema.extend({
  /** To be sent back in `X-Plan-Digest` by who starts it. */
  digest: planDigest,
  /** In the order of their moves; at most 200, `counts` are whole. */
  servers: z.array(plannedServerSchema.extend({ wave: z.int() })),
  /** Those that are asked for and not moved, and why; at most 200. */
  stays: z.array(plannedServerSchema.extend({ why: z.string() })),
  counts: z.object({
    servers: z.int(),
    stays: z.int(),
    farms: z.int(),
    farmRoles: z.int(),
    environments: z.int(),
  }),
  waves: z.array(
    z.object({
      environments: z.array(z.object({ id: z.int(), name: z.string() })),
      farms: z.int(),
      servers: z.int(),
      /** How long it takes, by what was measured. */
      seconds: z.int(),
    }),
  ),
  /** Most servers first; at most 200. */
  farms: z.array(
    farmInShort.extend({
      envId: z.int(),
      envName: z.string(),
      owner: ownerSchema,
      servers: z.int(),
      /** Who locked it, and why: its servers wait until it is unlocked. Null where it is open. */
      locked: z.string().nullable(),
    }),
  ),
  /** Groups that something else runs: they are moved in their cloud, each as a whole; at most 200. */
  groups: z.array(plannedGroupSchema),
  /** Farm roles with servers in whose place nothing would come by itself; at most 200. */
  notByThemselves: z.array(
    z.object({ farm: farmInShort, farmRole: farmRoleInShort, servers: z.int(), why: z.string() }),
  ),
  /** Farms that another rollout works on: they keep this one from starting. */
  busyFarms: z.array(busyFarmSchema),
  /** How long all of it takes, by what was measured. */
  seconds: z.int(),
  /** Null while it would do what it would have done when it was planned. */
  changedSince: planDifferenceSchema.nullable(),
});
export type RolloutPlan = z.output<typeof rolloutPlanSchema>;

/** One server of a rollout that has been started. */
export const rolloutServerSchema = z.object({
  /** Of the server that goes. */
  id: uuid,
  hostname: z.string(),
  index: z.int(),
  farm: farmInShort,
  farmRole: farmRoleInShort,
  accountId: z.int(),
  envId: z.int(),
  wave: z.int(),
  position: z.int(),
  state: z.enum(rolloutServerStates),
  /** What came in its place. */
  newServer: z.object({ id: uuid, hostname: z.string(), status: z.string() }).nullable(),
  /** Why it was skipped, or what holds it up. */
  reason: z.string().nullable(),
  /** New servers that did not come up in its place. */
  failures: z.int(),
  /** What the cloud said of the last of them. */
  cloudWords: z.string().nullable(),
  started: z.string().nullable(),
  ended: z.string().nullable(),
});
export type RolloutServer = z.output<typeof rolloutServerSchema>;
