import type { Browser, BrowserContextOptions, CDPSession, Page } from '@playwright/test';
import { addProbe } from './probe.ts';

/** A browser tab of somebody who is signed in, watched by the probe. */
export interface Tab {
  page: Page;
  cdp: CDPSession;
  close: () => Promise<void>;
}

export interface Visitor {
  browser: Browser;
  address: string;
  session: Exclude<BrowserContextOptions['storageState'], undefined>;
}

const viewport = { width: 1280, height: 800 };

/** Opens an empty tab with a cache of its own. */
export async function openTab({ browser, address, session }: Visitor): Promise<Tab> {
  const context = await browser.newContext({ baseURL: address, storageState: session, viewport });
  const page = await context.newPage();
  await addProbe(page);
  page.on('pageerror', (error) => {
    throw error;
  });
  return { page, cdp: await context.newCDPSession(page), close: () => context.close() };
}

const cpuFactor = 4;
const bytesPerSecond = 10_000_000 / 8;
const latencyMs = 40;

/** Makes a tab as slow as a phone on a fair connection: a quarter of the processor, 10 Mbit/s, 40 ms. */
export async function slowDown({ cdp }: Tab): Promise<void> {
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: cpuFactor });
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: latencyMs,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
}

/** Used JavaScript heap in kB, after garbage was collected. */
export async function usedHeapKb({ cdp }: Tab): Promise<number> {
  // Once is not enough: finalisers of the first round free more.
  for (let round = 0; round < 3; round += 1) await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  return usedSize / 1024;
}
