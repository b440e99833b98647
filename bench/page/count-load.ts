import { paths } from '../../src/util/paths.ts';
import type { ResultRow } from '../results.ts';
import { firstSeen, type Visit } from './flows.ts';
import { openTab } from './tab.ts';

const barAheadKb = 60;
/** After this, a page that nobody touches fetches no more code. */
const quietMs = 8000;

interface Load {
  kb: number;
  requests: number;
}

const inKb = (bytes: number) => Math.round(bytes / 100) / 10;

/** What a first visit fetches until its rows are there, and the code that it fetches ahead afterwards. */
async function load({ visitor, at }: Visit): Promise<{ first: Load; ahead: Load }> {
  const tab = await openTab(visitor);
  await tab.cdp.send('Network.enable');
  const urls = new Map<string, string>();
  const fetched: { url: string; bytes: number }[] = [];
  tab.cdp.on('Network.requestWillBeSent', ({ requestId, request }) =>
    urls.set(requestId, request.url),
  );
  tab.cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    fetched.push({ url: urls.get(requestId) ?? '', bytes: encodedDataLength }),
  );
  await tab.page.goto(paths.images(at));
  await tab.page.locator(firstSeen).first().waitFor();
  const first = [...fetched];
  await tab.page.waitForTimeout(quietMs);
  const ahead = fetched.slice(first.length).filter(({ url }) => url.endsWith('.js'));
  await tab.close();
  const sumUp = (all: typeof fetched): Load => ({
    kb: inKb(all.reduce((sum, { bytes }) => sum + bytes, 0)),
    requests: all.length,
  });
  return { first: sumUp(first), ahead: sumUp(ahead) };
}

/** What goes over the line, headers included. */
export async function countLoad(visit: Visit): Promise<ResultRow[]> {
  const { first, ahead } = await load(visit);
  return [
    {
      name: 'Fetched by a first visit, until its rows are there',
      p95: first.kb,
      unit: 'kB',
      peer: '379 kB in 73 requests',
      note: `${first.requests} requests`,
    },
    {
      name: 'Code fetched ahead while nobody touches the page',
      p95: ahead.kb,
      unit: 'kB',
      bar: `< ${barAheadKb} kB`,
      holds: ahead.kb < barAheadKb,
      note: `${ahead.requests} requests: the page of an image, and menus of actions`,
    },
  ];
}
