import { z } from 'zod';
import { id, time, title } from '../fields.ts';
import { placeSchema } from '../images/places.ts';
import { operation } from '../operation.ts';

export const keyId = z.string().regex(/^APIK[A-Z2-7]{16}$/, 'is not the id of an API key');

/**
 * A key with which programs sign requests as the user it belongs to. Its secret is never read again. Its scope is
 * what it reaches at most; with Corporate, all that its user does.
 */
export const apiKeySchema = placeSchema.extend({
  id: keyId,
  name: z.string(),
  active: z.boolean(),
  readOnly: z.boolean(),
  /** From when on it signs nothing any more; null for never. */
  expires: time.nullable(),
  created: time,
  /** Exact to ten seconds, as where it was used from is. */
  lastUsed: time.nullable(),
  lastUsedFrom: z.string().nullable(),
  /** Rises with every change; `If-Match` may name it. */
  version: z.int(),
});
export type ApiKey = z.output<typeof apiKeySchema>;

export const apiKeyName = title(100);

/** What a key may do is decided when it is made. */
export const newApiKeySchema = z.strictObject({
  name: apiKeyName,
  /** It may read what its user may, and change nothing. */
  readOnly: z.boolean().optional(),
  /** It signs nothing from then on. */
  expires: time.optional(),
  /** It reaches this account and what is in it, and nothing else; or one environment. */
  accountId: id.optional(),
  envId: id.optional(),
});
export type NewApiKey = z.output<typeof newApiKeySchema>;

const levels = ['self'] as const;
const params = z.object({ keyId });
const shared = { levels, permission: 'signed-in' } as const;
const change = { ...shared, recorded: true, confirms: true } as const;

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
    body: newApiKeySchema,
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
