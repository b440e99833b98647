import { z } from 'zod';
import { idText, time, uuid } from '../fields.ts';
import { cloudPlatforms } from '../images/platforms.ts';
import { listQuery } from '../list.ts';
import { list } from '../operation.ts';

/** `stopped`: the right is off, and what stands in the cloud stays as it was. */
export const rolePointerStates = [
  'published',
  'publishing',
  'removing',
  'failed',
  'stopped',
] as const;

/** A name in a cloud that stands for the image that a Role holds at a place: docs/domain.md, "Pointers". */
export const rolePointerSchema = z.object({
  id: uuid,
  cloudPlatform: z.enum(cloudPlatforms),
  cloudLocation: z.string(),
  credentials: z.object({ id: uuid, name: z.string() }),
  /** In the cloud, such as `/slipway/roles/17/image`. */
  name: z.string(),
  /** What the Role holds there now; null where the pointer goes. */
  cloudImageId: z.string().nullable(),
  /** What the cloud was last told. */
  published: z.object({ cloudImageId: z.string(), at: time }).nullable(),
  state: z.enum(rolePointerStates),
  /** Why the cloud refused, in its own words. */
  error: z.string().nullable(),
});
export type RolePointer = z.output<typeof rolePointerSchema>;

export const rolePointerOperations = {
  rolePointerList: list({
    id: 'rolePointerList',
    path: '/roles/{roleId}/pointers/',
    summary:
      'Names in clouds that stand for the Images of a Role, and whether they are up to date.',
    params: z.object({ roleId: idText }),
    query: listQuery({ filters: {}, sorts: ['place'], includes: ['total'] }),
    response: z.array(rolePointerSchema),
  }),
};
