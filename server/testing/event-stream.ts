import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import type { Moved } from '#contract/live.ts';
import { eventsPath } from '#contract/live.ts';
import { apiBase } from '#contract/operations.ts';

/** A page that listens: docs/domain.md, "Live". */
export interface EventStream {
  /** What it was told so far. */
  moved: Moved[];
  /** The last position that the server gave. */
  position(): string;
  /** Whether the server has ended it, as it should end. */
  hasEnded(): boolean;
  close(): void;
}

const urlOf = (address: string, since?: string | number) =>
  `${address}${apiBase}${eventsPath}${since === undefined ? '' : `?since=${since}`}`;

/**
 * Opens a stream, as a browser does.
 * @param from `since` as a page says it, `lastEventId` as a browser that connects again
 * @throws the status and the body of a refusal
 */
export async function openEventStream(
  address: string,
  token: string,
  { since, lastEventId }: { since?: string | number; lastEventId?: string } = {},
): Promise<EventStream> {
  const headers = {
    accept: 'text/event-stream',
    cookie: `slipway=${token}`,
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const call: ClientRequest = get(urlOf(address, since), { headers, agent: false }, resolve);
  call.once('error', reject);
  const response = await promise;
  response.setEncoding('utf8');
  if (response.statusCode !== 200)
    throw new Error(`${response.statusCode} ${(await response.toArray()).join('')}`);
  const stream = { moved: [] as Moved[], position: '', hasEnded: false };
  let text = '';
  const started = Promise.withResolvers<void>();
  response.on('data', (chunk: string) => {
    const events = (text + chunk).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const fields = Object.fromEntries(event.split('\n').map((line) => line.split(/: (.*)/, 2)));
      stream.position = fields.id ?? stream.position;
      if (fields.event === 'moved') stream.moved.push(JSON.parse(fields.data ?? '') as Moved);
      started.resolve();
    }
  });
  response.once('end', () => (stream.hasEnded = true));
  response.once('error', () => undefined);
  await started.promise;
  return {
    moved: stream.moved,
    position: () => stream.position,
    hasEnded: () => stream.hasEnded,
    close: () => void call.destroy(),
  };
}

/** Asks once, as a page does that can hold no stream. */
export async function askMoved(
  address: string,
  token: string,
  since?: string | number,
): Promise<Moved> {
  const headers = { cookie: `slipway=${token}` };
  const response = await fetch(urlOf(address, since), { headers });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Moved;
}
