import { insertCredentials } from '../credentials.ts';
import { insertImage, insertRole } from '../factories.ts';
import type { Place } from './place.ts';

/** A role with a pointer that was published. */
export const pointersInState = {
  rolePointerList: async ({ db, at }: Place) => {
    const image = await insertImage(db, at);
    const { id: roleId } = await insertRole(db, at, [image.id]);
    await db
      .insertInto('role_pointers')
      .values({
        role_id: roleId,
        cloud_platform: 'ec2',
        cloud_location: 'us-east-1',
        credentials_id: await insertCredentials(db, at),
        name: `/slipway/roles/${roleId}/image`,
        wanted: image.cloud_image_id,
        written: image.cloud_image_id,
        written_at: new Date(),
      })
      .execute();
    return { roleId };
  },
};
