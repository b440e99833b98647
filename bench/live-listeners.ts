import { get } from 'node:http';
import type { Moved } from '#contract/live.ts';
import { eventsPath } from '#contract/live.ts';
import { apiBase } from '#contract/operations.ts';

// A process of its own, so that what listens takes nothing from what is measured.

/** Who is to listen: each of these sessions as often as the others. */
export interface Audience {
  address: string;
  tokens: string[];
  streams: number;
}

/** When a revision of an account arrived, in ms since 1970. */
export interface Arrival {
  revision: number;
  at: number;
}

const audience = JSON.parse(process.argv[2] ?? '') as Audience;
const arrivals: Arrival[] = [];

function note(text: string): void {
  const at = performance.timeOrigin + performance.now();
  for (const [, data = ''] of text.matchAll(/^event: moved\ndata: (.*)$/gm)) {
    const { scopes } = JSON.parse(data) as Moved;
    for (const { accountId, revision } of scopes)
      if (accountId !== null) arrivals.push({ revision, at });
  }
}

function listen(token: string): Promise<void> {
  const headers = { accept: 'text/event-stream', cookie: `slipway=${token}` };
  return new Promise((resolve, reject) => {
    const call = get(audience.address + apiBase + eventsPath, { headers, agent: false });
    call.once('error', reject);
    call.once('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`A stream got ${response.statusCode}.`));
      response.setEncoding('utf8').on('data', (text: string) => {
        note(text);
        resolve();
      });
    });
  });
}

for (let nth = 0; nth < audience.streams; nth++)
  await listen(audience.tokens[nth % audience.tokens.length] ?? '');
process.send?.('listening');
process.once('message', () => {
  process.send?.(arrivals, undefined, {}, () => process.exit(0));
});
