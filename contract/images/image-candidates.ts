import { z } from 'zod';
import { booleanText, idText, uuid } from '../fields.ts';
import { listQuery, searchQuery } from '../list.ts';
import { list } from '../operation.ts';
import { imageSchema } from './images.ts';

/** One possible replacement; `valid` ones come first, and of these those of the `sameLine`. */
export const imageCandidateSchema = imageSchema
  .pick({
    id: true,
    name: true,
    scope: true,
    accountId: true,
    envId: true,
    accountName: true,
    envName: true,
    cloudPlatform: true,
    cloudLocation: true,
    cloudImageId: true,
    os: true,
    osName: true,
    architecture: true,
    status: true,
    deprecated: true,
    added: true,
  })
  .extend({
    /** Of the same OS, and of the same name but for the trailing groups of digits: another version of it. */
    sameLine: z.boolean(),
    valid: z.boolean(),
    code: z.string().nullable(),
    reason: z.string().nullable(),
  });
export type ImageCandidate = z.output<typeof imageCandidateSchema>;

export const imageCandidateOperations = {
  imageCandidates: list({
    id: 'imageCandidates',
    path: '/images/{imageId}/replacement-candidates/',
    summary:
      'Images that may replace this one, valid ones first; the others with the reason why not.',
    params: z.object({ imageId: uuid }),
    query: listQuery({
      filters: {
        query: searchQuery.optional(),
        valid: booleanText.optional(),
        roleId: idText.optional(),
      },
      sorts: ['added'],
      includes: ['total'],
    }),
    response: z.array(imageCandidateSchema),
  }),
};
