import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';

const longestMs = 2_000;

/**
 * Lets somebody finish what is not wanted, as proxies do (RFC 9112, 9.6): who is hung up on while still writing
 * sees a broken connection in place of the answer.
 *
 * @returns once the request has ended or broken off, or after 2 s
 */
export async function hearOut(request: IncomingMessage): Promise<void> {
  request.resume();
  if (request.readableEnded || request.destroyed) return;
  const signal = AbortSignal.timeout(longestMs);
  await Promise.race([once(request, 'end', { signal }), once(request, 'close', { signal })]).catch(
    () => undefined,
  );
}
