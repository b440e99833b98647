import { operationQuery, useOperation } from '../query.ts';

/** The API keys of who is signed in, newest first. */
export const apiKeyListQuery = operationQuery('apiKeyList', 'self', {});

/** Makes a key: `change({ body: { name } })`. The answer alone has its secret. */
export function useCreateApiKey() {
  return useOperation('apiKeyCreate', 'self');
}

/** Renames, disables or enables a key: `change({ params: { keyId }, body, ifMatch: version })`. */
export function useUpdateApiKey() {
  return useOperation('apiKeyUpdate', 'self');
}

/** Deletes a key: `change({ params: { keyId }, ifMatch: version })`. */
export function useDeleteApiKey() {
  return useOperation('apiKeyDelete', 'self');
}
