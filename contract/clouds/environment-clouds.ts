import { z } from 'zod';
import { idText, reference, referenceInput, uuid } from '../fields.ts';
import { cloudPlatforms } from '../images/platforms.ts';
import { listQuery } from '../list.ts';
import { list, operation, read } from '../operation.ts';

/** With which credentials an environment uses a platform. */
export const environmentCloudSchema = z.object({
  cloud: z.enum(cloudPlatforms),
  credentials: reference(uuid),
});
export type EnvironmentCloud = z.output<typeof environmentCloudSchema>;

const levels = ['account'] as const;
const permission = 'scopes.manage';
const params = z.object({ envId: idText, cloud: z.enum(cloudPlatforms) });
const path = '/environments/{envId}/clouds/{cloud}/';

export const environmentCloudOperations = {
  environmentCloudList: list({
    id: 'environmentCloudList',
    path: '/environments/{envId}/clouds/',
    levels,
    summary: 'The platforms that an environment has credentials for.',
    params: z.object({ envId: idText }),
    query: listQuery({ filters: {}, sorts: ['cloud'], includes: ['total'] }),
    response: z.array(environmentCloudSchema),
  }),
  environmentCloudGet: read({
    id: 'environmentCloudGet',
    path,
    levels,
    summary: 'The credentials of an environment for a platform.',
    params,
    response: environmentCloudSchema,
  }),
  environmentCloudAttach: operation({
    id: 'environmentCloudAttach',
    method: 'POST',
    path,
    levels,
    permission,
    summary: 'Give an environment credentials for a platform, or others than it has.',
    params,
    body: z.strictObject({ credentials: referenceInput(uuid) }),
    response: environmentCloudSchema,
  }),
  environmentCloudDetach: operation({
    id: 'environmentCloudDetach',
    method: 'DELETE',
    path,
    levels,
    permission,
    summary: 'Take the credentials for a platform from an environment.',
    params,
    response: z.null(),
  }),
};
