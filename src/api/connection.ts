import { operationUrl } from './request.ts';

const patienceMs = 5000;

/** Whether the server answers for itself: a proxy in front of it says 502 or so when it does not. */
export async function isServerThere(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const { status } = await fetch(operationUrl('sessionGet', 'self', {}), {
      cache: 'no-store',
      signal,
    });
    return status < 500;
  } catch {
    return false;
  }
}
