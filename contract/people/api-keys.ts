import { z } from 'zod';
import { time, title } from '../fields.ts';
import { operation } from '../operation.ts';

const keyId = z.string().regex(/^APIK[A-Z2-7]{16}$/, 'is not the id of an API key');

/** A key with which programs sign requests as the user it belongs to. Its secret is never read again. */
export const apiKeySchema = z.object({
  id: keyId,
  name: z.string(),
  active: z.boolean(),
  created: time,
  /** Exact to ten seconds. */
  lastUsed: time.nullable(),
  /** Rises with every change; `If-Match` may name it. */
  version: z.int(),
});
export type ApiKey = z.output<typeof apiKeySchema>;

export const apiKeyName = title(100);

const levels = ['self'] as const;
const params = z.object({ keyId });
const shared = { levels, permission: 'signed-in' } as const;
const change = { ...shared, recorded: true } as const;

export const apiKeyOperations = {
  apiKeyList: operation({
    ...shared,
    id: 'apiKeyList',
    method: 'GET',
    path: '/api-keys/',
    kind: 'list',
    summary: 'Your API keys, newest first.',
    response: z.array(apiKeySchema),
  }),
  apiKeyCreate: operation({
    ...change,
    id: 'apiKeyCreate',
    method: 'POST',
    path: '/api-keys/',
    status: 201,
    secret: true,
    summary: 'Create an API key. Only this answer has its secret.',
    body: z.strictObject({ name: apiKeyName }),
    response: apiKeySchema.extend({ secretKey: z.string() }),
  }),
  apiKeyUpdate: operation({
    ...change,
    id: 'apiKeyUpdate',
    method: 'PATCH',
    path: '/api-keys/{keyId}/',
    summary: 'Rename an API key, disable it, or enable it again.',
    params,
    body: z.strictObject({ name: apiKeyName.optional(), active: z.boolean().optional() }),
    response: apiKeySchema,
  }),
  apiKeyDelete: operation({
    ...change,
    id: 'apiKeyDelete',
    method: 'DELETE',
    path: '/api-keys/{keyId}/',
    summary: 'Delete an API key; what it signs is refused from then on.',
    params,
    response: z.null(),
  }),
};
