import { z } from 'zod';
import { booleanText, osId } from '../fields.ts';
import { listQuery, searchQuery } from '../list.ts';
import { list } from '../operation.ts';
import { cloudPlatforms } from './platforms.ts';

/** A location of a cloud; clouds use the same names, so that one is known by both. */
export const locationSchema = z.object({
  /** `ec2:us-east-1`. */
  id: z.string(),
  cloudPlatform: z.string(),
  cloudLocation: z.string(),
});

export const locationOperations = {
  locationList: list({
    id: 'locationList',
    path: '/locations/',
    summary: 'Where the images that this scope sees are; or where servers below it run old ones.',
    query: listQuery({
      filters: {
        /** Part of the location. */
        query: searchQuery.optional(),
        cloudPlatform: z.enum(cloudPlatforms).optional(),
        /** Where servers at and below this scope run old images, and not where its images are. */
        onOldImages: booleanText.optional(),
        /** Where images can enter roles; clouds whose images have no location are among them. */
        usable: booleanText.optional(),
        /** Where images with this OS are. */
        os: osId.optional(),
      },
      sorts: ['name'],
      includes: ['total'],
    }),
    response: z.array(locationSchema),
  }),
};
