import { once } from 'node:events';
import { createServer, type Server, Socket } from 'node:net';
import { join } from 'node:path';

type Fault = 'none' | 'silence' | 'refusal';

/** What a lost answer to COMMIT looks like: cut off before PostgreSQL got it, or after it did. */
export type CommitFault = 'before' | 'after';

interface Pair {
  client: Socket;
  upstream: Socket;
  /** Its next commit is to be kept back. */
  isHeld: boolean;
}

/** A stretch of network between Slipway and PostgreSQL that breaks on demand. */
export class FaultProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #target: URL;
  #fault: Fault = 'none';
  #commitFault: CommitFault | undefined;
  #heldWork: readonly string[] = [];

  /** @param url the PostgreSQL behind it, on TCP or a socket */
  constructor(url: string) {
    this.#target = new URL(url);
    this.#server = createServer((client) => this.#accept(client));
  }

  /** @returns the URL of the same database through the proxy */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const url = new URL(this.#target);
    url.searchParams.set('host', '127.0.0.1');
    url.searchParams.set('port', String(port));
    return url.toString();
  }

  /** Connections stay open and say nothing, new ones too: a hung server, or a lost network. */
  hang(): void {
    this.#fault = 'silence';
    for (const { client, upstream } of this.#pairs) {
      client.pause();
      upstream.pause();
    }
  }

  /** Every connection is reset, and new ones are as long as `refusing`. */
  reset({ refusing = false } = {}): void {
    this.#fault = refusing ? 'refusal' : 'none';
    for (const { client, upstream } of this.#pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
  }

  heal(): void {
    this.#fault = 'none';
    for (const { client, upstream } of this.#pairs) {
      client.resume();
      upstream.resume();
    }
  }

  /** Resets the next connection that commits. */
  breakNextCommit(fault: CommitFault): void {
    this.#commitFault = fault;
  }

  /**
   * Commits of connections that sent one of these texts reach PostgreSQL, and nothing that it answers
   * comes back.
   * @param work such as a name that is written
   */
  holdCommitsOf(work: readonly string[]): void {
    this.#heldWork = work;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  async close(): Promise<void> {
    this.reset();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    if (this.#fault === 'refusal') {
      client.resetAndDestroy();
      return;
    }
    const upstream = new Socket();
    const pair: Pair = { client, upstream, isHeld: false };
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.on('data', (data: Buffer) => this.#pass(data, pair));
    upstream.on('data', (data) => client.write(data));
    this.#connect(upstream);
    if (this.#fault === 'silence') {
      client.pause();
      upstream.pause();
    }
  }

  #pass(data: Buffer, pair: Pair): void {
    const { client, upstream } = pair;
    pair.isHeld ||= this.#heldWork.some((text) => data.includes(text));
    if (pair.isHeld && data.includes('commit\0')) upstream.removeAllListeners('data').resume();
    const fault = data.includes('commit\0') ? this.#commitFault : undefined;
    if (fault !== 'before') upstream.write(data);
    if (fault === undefined) return;
    this.#commitFault = undefined;
    if (fault === 'before') client.resetAndDestroy();
    // The first byte of the answer shows that PostgreSQL has done it.
    else upstream.removeAllListeners('data').once('data', () => client.resetAndDestroy());
  }

  #connect(upstream: Socket): void {
    const { searchParams, hostname, port } = this.#target;
    const host = searchParams.get('host') ?? hostname;
    const number = searchParams.get('port') ?? (port === '' ? '5432' : port);
    if (host.startsWith('/')) upstream.connect(join(host, `.s.PGSQL.${number}`));
    else upstream.connect(Number(number), host);
  }
}
