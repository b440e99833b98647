import { z } from 'zod';
import { idText, time, uuid } from '../fields.ts';
import { listQuery } from '../list.ts';
import { list } from '../operation.ts';
import { serverStatuses } from './statuses.ts';

/** One step of a server: which state it came into, who or what brought it there, and why. */
export const serverEventSchema = z.object({
  id: z.int(),
  at: time,
  server: z.object({ id: uuid, hostname: z.string(), index: z.int() }),
  /** The state that it came into. */
  status: z.enum(serverStatuses),
  /** A user's mail address, or what did it by itself, such as `system:keeper`. */
  actor: z.string(),
  reason: z.string(),
  /** What the cloud said, where it said anything. */
  cloudWords: z.string().nullable(),
});
export type ServerEvent = z.output<typeof serverEventSchema>;

const query = listQuery({
  filters: { status: z.enum(serverStatuses).optional() },
  sorts: ['at'],
  includes: ['total'],
});
export type ServerEventListQuery = z.output<typeof query>;

export const serverEventOperations = {
  serverEventList: list({
    id: 'serverEventList',
    path: '/servers/{serverId}/events/',
    summary: 'What a server went through.',
    params: z.object({ serverId: uuid }),
    query,
    response: z.array(serverEventSchema),
  }),
  farmEventList: list({
    id: 'farmEventList',
    path: '/farms/{farmId}/events/',
    summary:
      'What the servers of a farm went through, and why: the decisions of the keeper among it.',
    params: z.object({ farmId: idText }),
    query,
    response: z.array(serverEventSchema),
  }),
};
