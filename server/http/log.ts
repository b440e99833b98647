import type { FastifyRequest } from 'fastify';

/**
 * What is written of requests: a line of JSON each, with the id that the answer carries, and nothing that somebody
 * could use, such as cookies, signatures, bodies, or what stands in a query (docs/operations.md, "The log").
 * @param level `silent` for nothing
 */
export function logSettings(level: string) {
  return {
    level,
    serializers: {
      req: ({ method, url, host, ip }: Pick<FastifyRequest, 'method' | 'url' | 'host' | 'ip'>) => ({
        method,
        // A query holds what people look for, and what a provider hands over at sign-in.
        path: url.split('?', 1)[0] ?? '',
        host,
        remoteAddress: ip,
      }),
      res: ({ statusCode }: { statusCode?: number }) => ({ statusCode }),
      err: (error: Error) => describeError(error),
    },
  };
}

const deepest = 4;

/** PostgreSQL puts whole rows into what it says beside the message: only what names a place is kept. */
function describeError(error: Error, depth = 0): Record<'type' | 'message' | 'stack', string> {
  const { name, message, stack = '', cause } = error;
  const { code, table, column, constraint } = error as Error & Record<string, unknown>;
  const why = cause instanceof Error && depth < deepest && describeError(cause, depth + 1);
  const place = { code, table, column, constraint };
  return { type: name, message, stack, ...place, ...(why && { cause: why }) };
}
