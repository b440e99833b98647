import { z } from 'zod';
import { actionsSchema } from '../actions.ts';
import { imageInShort } from '../images/image-in-short.ts';

// What can be done with farms, farm roles and servers. All of it is done in their environment, so the
// verdicts are about whoever asks there, from wherever they look.

export const farmActionsSchema = actionsSchema([
  'update',
  'addRole',
  'move',
  'launch',
  'suspend',
  'resume',
  'terminate',
  'lock',
  'unlock',
  'clone',
  'delete',
]);

export const farmRoleActionsSchema = actionsSchema([
  'update',
  'launchServer',
  'move',
  'clone',
  'delete',
]);

export const serverActionsSchema = actionsSchema([
  'update',
  'move',
  'reboot',
  'suspend',
  'resume',
  'terminate',
  'terminateAndLower',
]);

/** What follows from terminating a server now: the rule of docs/domain.md, "What is kept". */
export const afterTerminationSchema = z.object({
  /** What a new server would start from; null when none will start. */
  starts: imageInShort.nullable(),
  /** One sentence, also why none will. */
  reason: z.string(),
  /** The minimum of the farm role now, and what it would be lowered to with `lowerMinimum`. */
  minInstances: z.int(),
  lowersTo: z.int().nullable(),
});
