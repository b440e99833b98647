import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { planDigestHeader } from '#contract/plan-header.ts';
import { ApiError } from '#contract/errors.ts';
import type { OperationId } from '#contract/operations.ts';
import type { OperationRequest } from '../perform.ts';

/**
 * What makes a request a repeat of an earlier one: its Idempotency-Key, or else its signature, which
 * requests share that say the same and were signed in the same second.
 * @throws ApiError BadRequest for a key that is none
 */
export function repeatOf(request: FastifyRequest): OperationRequest<OperationId>['repeat'] {
  if (request.method === 'GET' || request.method === 'HEAD') return undefined;
  const key = keyOf(request);
  if (key === undefined) return undefined;
  return { key, hash: hashOf(request), isBySignature: key.startsWith(signaturePrefix) };
}

const signaturePrefix = 'signature:';

function keyOf({ headers, method }: FastifyRequest): string | undefined {
  const given = headers['idempotency-key'];
  if (given === undefined || method === 'DELETE') {
    const signature = headers['x-scalr-signature'];
    return signature === undefined ? undefined : signaturePrefix + String(signature);
  }
  if (typeof given !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(given))
    throw new ApiError(
      'BadRequest',
      'Idempotency-Key must have 1 to 255 visible ASCII characters, such as a UUID.',
    );
  return `key:${given}`;
}

function hashOf({ method, url, headers, rawBody }: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([method, url, headers['if-match'] ?? '']))
    .update(String(headers[planDigestHeader] ?? ''))
    .update(rawBody ?? Buffer.alloc(0))
    .digest();
}
