import { request } from 'node:http';
import type { ResultRow } from './results.ts';
import type { BenchServer } from './server.ts';

const sampleEveryMs = 20;
const barMb = 256;

/** Downloads the report of all old groups at Corporate, and watches the memory of the server meanwhile. */
export async function measureDownload(
  server: BenchServer,
  token: string,
  size: string,
): Promise<ResultRow[]> {
  let peak = await server.memoryMb();
  const before = peak;
  const timer = setInterval(
    () => void server.memoryMb().then((now) => (peak = Math.max(peak, now))),
    sampleEveryMs,
  );
  const started = performance.now();
  const { lines, bytes } = await download(`${server.address}/api/v1beta0/global/usage/csv/`, token);
  const took = performance.now() - started;
  clearInterval(timer);
  const group = 'Usage as CSV, all of Corporate';
  const rows = lines - 1;
  const unit = 'MB';
  return [
    {
      group,
      name: 'rows',
      p95: rows,
      unit: '',
      ...(size === 'xl' && { bar: '>= 100,000', holds: rows >= 100_000 }),
    },
    { group, name: 'size', p95: bytes / 2 ** 20, unit },
    { group, name: 'time', p95: Math.round(took), unit: 'ms' },
    { group, name: 'memory of the server before', p95: before, unit },
    {
      group,
      name: 'memory of the server at its peak',
      p95: peak,
      unit,
      bar: `< ${barMb} MB`,
      holds: peak < barMb,
    },
  ];
}

function download(url: string, token: string): Promise<{ lines: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers: { cookie: `slipway=${token}` } }, (response) => {
      let [lines, bytes] = [0, 0];
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
      });
      response.once('error', reject);
      response.once('end', () => resolve({ lines, bytes }));
    });
    call.once('error', reject);
    call.end();
  });
}
