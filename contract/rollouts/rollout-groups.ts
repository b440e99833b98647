import { z } from 'zod';

/** How the cloud is told: the pointer that its template names is moved, or the template gets a new version. */
export const groupWays = ['template', 'pointer'] as const;
export type GroupWay = (typeof groupWays)[number];

/** An image by what the cloud calls it, and what it is called here. */
const cloudImageName = z.object({ id: z.string(), name: z.string(), cloudImageId: z.string() });
export type CloudImageName = z.output<typeof cloudImageName>;

const groupInShort = {
  farm: z.object({ id: z.int(), name: z.string() }),
  farmRole: z.object({ id: z.int(), alias: z.string() }),
  envId: z.int(),
  wave: z.int(),
  /** As its cloud calls it. */
  group: z.string(),
  /** What it starts servers from before, and then. */
  from: cloudImageName,
  to: cloudImageName,
  way: z.enum(groupWays),
  template: z.string(),
  pointer: z.string().nullable(),
};

/** A group that something else runs and that a rollout would move: docs/domain.md, "Moving observed groups". */
export const plannedGroupSchema = z.object({
  ...groupInShort,
  servers: z.int(),
  /** What is changed in the cloud, in a sentence. */
  words: z.string(),
  /** What somebody should know before, such as who else manages it. */
  warnings: z.array(z.string()),
});
export type PlannedGroup = z.output<typeof plannedGroupSchema>;

/** `failed`: the cloud gave it up, or refused it. `ended`: nothing more is moved, and what was moved stays. */
export const rolloutGroupStates = ['waiting', 'moving', 'failed', 'moved', 'ended'] as const;
export type RolloutGroupState = (typeof rolloutGroupStates)[number];

export const rolloutGroupSchema = z.object({
  ...groupInShort,
  accountId: z.int(),
  state: z.enum(rolloutGroupStates),
  /** Whether Slipway exchanges its servers one by one, as the cloud does not do it by itself. */
  byMembers: z.boolean(),
  /** What the cloud calls the refresh that exchanges them. */
  refreshId: z.string().nullable(),
  /** How much of it is done, from 0 to 100. */
  percentage: z.int(),
  /** What happens there, or what the cloud said. */
  words: z.string().nullable(),
  started: z.string().nullable(),
  ended: z.string().nullable(),
});
export type RolloutGroup = z.output<typeof rolloutGroupSchema>;
