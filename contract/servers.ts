import { z } from 'zod';
import { booleanText, idText, time, uuid } from './fields.ts';
import { imageInShort } from './image-in-short.ts';
import { listQuery, searchText } from './list.ts';
import { operation } from './operation.ts';
import { cloudPlatforms } from './platforms.ts';
import { serverStatuses } from './statuses.ts';

/** Live servers count for usage and staleness: every status but the two of an ending. */
export const endedServerStatuses = ['pending_terminate', 'terminated'] as const;

export const serverSchema = z.object({
  id: uuid,
  cloudPlatform: z.string(),
  cloudLocation: z.string(),
  cloudServerId: z.string().nullable(),
  instanceType: z.string(),
  hostname: z.string(),
  publicIp: z.array(z.string()),
  privateIp: z.array(z.string()),
  index: z.int(),
  status: z.enum(serverStatuses),
  launched: time,
  launchReason: z.string(),
  farm: z.object({ id: z.int(), name: z.string() }),
  farmRole: z.object({ id: z.int(), alias: z.string() }),
  role: z.object({ id: z.int(), name: z.string() }),
  accountId: z.int(),
  envId: z.int(),
  /** What it was started from, for ever. */
  image: imageInShort.nullable(),
  /** What its role would start now. */
  roleImage: imageInShort,
  /** Its image is not the role's. */
  stale: z.boolean(),
});
export type Server = z.output<typeof serverSchema>;

export const serverOperations = {
  serverList: operation({
    id: 'serverList',
    method: 'GET',
    path: '/servers/',
    permission: 'view',
    kind: 'list',
    summary: 'Servers at and below this scope.',
    query: listQuery({
      filters: {
        query: searchText.optional(),
        id: uuid.optional(),
        status: z.enum(serverStatuses).optional(),
        cloudPlatform: z.enum(cloudPlatforms).optional(),
        cloudLocation: searchText.optional(),
        cloudServerId: searchText.optional(),
        farm: idText.optional(),
        farmRole: idText.optional(),
        role: idText.optional(),
        image: uuid.optional(),
        /** On a stale or deprecated image. */
        onOldImage: booleanText.optional(),
      },
      sorts: ['launched'],
      includes: ['total'],
    }),
    response: z.array(serverSchema),
  }),
  serverGet: operation({
    id: 'serverGet',
    method: 'GET',
    path: '/servers/{serverId}/',
    permission: 'view',
    summary: 'One server.',
    params: z.object({ serverId: uuid }),
    response: serverSchema,
  }),
};
