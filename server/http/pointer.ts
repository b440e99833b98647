import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OperationSpec } from '#contract/operation.ts';

/** What is answered, and what of it a client that accepts plain text gets. */
interface Answered {
  envelope: { data: unknown };
  plain: NonNullable<OperationSpec['plain']>;
}

/**
 * Answers what programs ask for again and again: as JSON, or as the one member that matters as plain text; with an
 * entity tag of what is said, and nothing but 304 to whoever names it (docs/domain.md, "Roles").
 */
export function sendPointer(
  request: FastifyRequest,
  reply: FastifyReply,
  { envelope, plain }: Answered,
): FastifyReply {
  const asText = prefersText(request.headers.accept);
  const text = String((envelope.data as Record<string, unknown>)[plain]);
  const said = asText ? text : JSON.stringify(envelope.data);
  const etag = `"${createHash('sha256').update(said).digest('base64url').slice(0, 27)}"`;
  // It depends on who asks, so nobody in between keeps it, and the client asks each time.
  reply.header('etag', etag).header('vary', 'Accept').header('cache-control', 'private, no-cache');
  if (isKnown(request.headers['if-none-match'], etag)) return reply.status(304).send();
  return asText ? reply.type('text/plain; charset=utf-8').send(`${text}\n`) : reply.send(envelope);
}

/** Text is named, and JSON is not, or later. */
function prefersText(accept = ''): boolean {
  const types = accept.split(',').map((part) => part.split(';')[0]?.trim().toLowerCase());
  const [text, json] = [types.indexOf('text/plain'), types.indexOf('application/json')];
  return text !== -1 && (json === -1 || text < json);
}

/** Tags are compared weakly, as RFC 9110 has it for If-None-Match. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => {
    const known = tag.trim().replace(/^W\//, '');
    return known === '*' || known === etag;
  });
}
