import { z } from 'zod';
import { errorCodes } from './error-codes.ts';
import { placeFields } from './images/places.ts';

/** A call that helps to clear what stands in the way. */
const clearingSchema = z.object({
  /** The id of the operation. */
  operation: z.enum([
    'roleImageDelete',
    'roleImageReplace',
    'farmUnlock',
    'farmRoleDelete',
    'serverTerminate',
    'imageDelete',
  ]),
  /** Of its path. */
  params: z.record(z.string(), z.union([z.string(), z.int()])),
  /** Where it is sent to. */
  ...placeFields,
});
export type Clearing = z.infer<typeof clearingSchema>;

/** One object that stands in the way. What the caller may not see is only counted: `count` without `id`. */
export const blockerSchema = z.object({
  type: z.enum([
    'role',
    'roleCategory',
    'farmRole',
    'farm',
    'server',
    'image',
    'replacement',
    'environment',
    'account',
    'project',
    'cloudCredentials',
    /** Something in a cloud: `id` is that of the found image it refers to. */
    'cloudReference',
    /** A place of a cloud that was not read: `id` is that of the credentials. */
    'coverage',
    'policy',
    'hidden',
  ]),
  id: z.union([z.string(), z.int()]).optional(),
  name: z.string().optional(),
  scope: z.string().optional(),
  /** The name of the account or environment that it is in. */
  scopeName: z.string().optional(),
  accountId: z.int().optional(),
  environmentId: z.int().optional(),
  farmId: z.int().optional(),
  /** The name of its farm: farm roles and servers are often called alike. */
  farmName: z.string().optional(),
  count: z.int().optional(),
  /** The calls that clear it, in this order; none where only waiting does. */
  clearBy: z.array(clearingSchema).optional(),
  code: z.enum(errorCodes).optional(),
  reason: z.string().optional(),
});
export type Blocker = z.infer<typeof blockerSchema>;
