import { z } from 'zod';
import { bounded, idText } from '../fields.ts';
import { operation } from '../operation.ts';
import { serverSchema } from './servers.ts';

/** What Scalr's clients may send beside the id; Slipway tags no server that it did not launch. */
const tag = z.strictObject({ key: bounded(128, 1), value: bounded(256) });

export const serverImportOperations = {
  farmRoleServerImport: operation({
    id: 'farmRoleServerImport',
    method: 'POST',
    path: '/farm-roles/{farmRoleId}/actions/import-server/',
    levels: ['user'],
    permission: 'farms.manage',
    status: 201,
    summary:
      'Take a server that was found in the cloud into a farm role: from then on it is kept as the others are.',
    params: z.object({ farmRoleId: idText }),
    body: z.strictObject({
      /** The id of the server in its cloud. */
      cloudServerId: bounded(255, 1),
      tags: z
        .array(tag)
        .max(0, 'must be empty: Slipway does not tag servers that it did not launch')
        .optional(),
    }),
    response: serverSchema,
  }),
};
