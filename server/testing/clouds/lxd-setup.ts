import { randomInt } from 'node:crypto';
import { request } from 'node:http';
import { z } from 'zod';
import { createLxdCloud } from '../../cloud/lxd/lxd.ts';

const { SLIPWAY_LXD_SOCKET: socket = '', SLIPWAY_LXD_IMAGES: fingerprints = '' } = process.env;
const [imageA = '', imageB = ''] = fingerprints.split(' ');

/** The LXD that `npm run test:clouds` has started, and its two images. */
export const lxd = {
  socket,
  imageA,
  imageB,
  place: { cloudPlatform: 'lxd', cloudLocation: 'default' },
  connect: () => createLxdCloud({ socket }),
};

const answerSchema = z.object({ type: z.string(), error: z.string(), metadata: z.unknown() });
const operationSchema = z.object({ id: z.string(), err: z.string(), metadata: z.unknown() });

/**
 * Asks LXD itself, beside the driver, and waits for what that begins.
 * @param path below `/1.0`
 * @param body an object, or the bytes of an image
 * @returns what it answers, or what the operation left
 */
export async function askLxd(method: string, path: string, body?: unknown): Promise<unknown> {
  const text = String(await fetchLxd(method, path, body));
  const { type, error, metadata } = answerSchema.parse(JSON.parse(text));
  if (type === 'error') throw new Error(error);
  if (type === 'sync') return metadata;
  const { id } = operationSchema.parse(metadata);
  const end = operationSchema.parse(await askLxd('GET', `/operations/${id}/wait`));
  if (end.err !== '') throw new Error(end.err);
  return end.metadata;
}

/** The same, for an answer that is a file. */
function fetchLxd(method: string, path: string, body?: unknown): Promise<Buffer> {
  const sent = body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    request({ socketPath: socket, method, path: `/1.0${path}`, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('end', () => resolve(Buffer.concat(parts)));
      answer.once('error', reject);
    })
      .once('error', reject)
      .end(sent);
  });
}

/** Waits for everything that LXD has begun. */
export async function waitUntilIdle(): Promise<void> {
  const running = z.object({ running: z.array(operationSchema).default([]) });
  const begun = running.parse(await askLxd('GET', '/operations?recursion=1'));
  // One that ends meanwhile may be forgotten.
  for (const { id } of begun.running)
    await askLxd('GET', `/operations/${id}/wait`).catch(() => undefined);
}

/** @returns the fingerprint of an image that was not there before */
export async function makeImage(): Promise<string> {
  const image = await fetchLxd('GET', `/images/${imageA}/export`);
  // A tar file may end with anything after its two empty blocks, which makes another image of it.
  const end = Buffer.alloc(512, String(randomInt(1e12)));
  const made = await askLxd('POST', '/images', Buffer.concat([image, end]));
  return z.object({ fingerprint: z.string() }).parse(made).fingerprint;
}
