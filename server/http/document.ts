import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const compress = promisify(gzip);

/** A text that never changes while the process runs: made and compressed once, when somebody asks first. */
export class Document {
  readonly #type: string;
  readonly #make: () => string | Promise<string>;
  #made: Promise<{ plain: string; zipped: Buffer }> | undefined;

  constructor(type: string, make: () => string | Promise<string>) {
    this.#type = type;
    this.#make = make;
  }

  async send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    this.#made ??= this.#prepare();
    const { plain, zipped } = await this.#made;
    void reply.type(`${this.#type}; charset=utf-8`).header('vary', 'accept-encoding');
    if (!/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\b)/.test(String(request.headers['accept-encoding'] ?? '')))
      return reply.send(plain);
    return reply.header('content-encoding', 'gzip').send(zipped);
  }

  async #prepare(): Promise<{ plain: string; zipped: Buffer }> {
    const plain = await this.#make();
    return { plain, zipped: await compress(plain, { level: 9 }) };
  }
}
