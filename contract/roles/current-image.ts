import { z } from 'zod';
import { architectures } from '../images/architectures.ts';
import { imageInShort } from '../images/image-in-short.ts';
import { cloudPlatforms } from '../images/platforms.ts';
import { idText } from '../fields.ts';
import { searchText } from '../list.ts';
import { read } from '../operation.ts';

/** What a role holds at a place now: what a server started there would get. */
export const currentImageSchema = z.object({
  /** Of the cloud, such as `ami-0081f3d938c33c2c6`; all of the answer for whoever accepts `text/plain`. */
  cloudImageId: z.string(),
  image: imageInShort,
  architecture: z.enum(architectures),
  role: z.object({ id: z.int(), name: z.string() }),
  cloudPlatform: z.enum(cloudPlatforms),
  /** '' where images serve all locations. */
  cloudLocation: z.string(),
});

export const currentImageOperations = {
  roleCurrentImageGet: read({
    id: 'roleCurrentImageGet',
    path: '/roles/{roleId}/images/current/',
    summary:
      'The Image that a Role holds at a place now, as JSON or (Accept: text/plain) its cloud image id alone.',
    params: z.object({ roleId: idText }),
    query: z.strictObject({
      platform: z.enum(cloudPlatforms),
      /** Left out, or anything, where images serve all locations. */
      location: searchText.optional(),
    }),
    plain: 'cloudImageId',
    response: currentImageSchema,
  }),
};
