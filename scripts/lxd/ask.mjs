import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * Asks an LXD on its socket, and waits for what that begins.
 *
 * @param path below /1.0
 * @param body an object, or the bytes of an image
 * @returns what it answered, or the operation at its end
 * @throws Error with LXD's words
 */
export async function ask(socketPath, method, path, body) {
  const isBytes = Buffer.isBuffer(body);
  const sent = isBytes || body === undefined ? body : JSON.stringify(body);
  const headers = isBytes ? { 'content-type': 'application/octet-stream' } : {};
  const answer = await new Promise((resolve, reject) => {
    request({ socketPath, method, path: `/1.0${path}`, headers, agent: false })
      .once('response', resolve)
      .once('error', reject)
      .end(sent);
  });
  const { type, error, metadata } = JSON.parse(await text(answer));
  if (type === 'error') throw new Error(error);
  if (type === 'sync') return metadata;
  const end = await ask(socketPath, 'GET', `/operations/${metadata.id}/wait`);
  if (end.status_code >= 400) throw new Error(end.err);
  return end;
}
