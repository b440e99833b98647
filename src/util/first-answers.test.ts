import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { firstAnswers } from './first-answers.ts';

const patienceMs = 500;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks for something that is answered when told to. */
function ask(client: QueryClient): () => void {
  const { promise, resolve } = Promise.withResolvers<string>();
  const query = { queryKey: [crypto.randomUUID()], queryFn: () => promise };
  void client.fetchQuery(query);
  return () => resolve('an answer');
}

/** Whether it has been waited for all along. */
function watch(waiting: Promise<void>): () => Promise<boolean> {
  let isOver = false;
  void waiting.then(() => (isOver = true));
  return async () => {
    await vi.advanceTimersByTimeAsync(1);
    return isOver;
  };
}

describe('the first rendering', () => {
  it('waits for nothing where nothing was asked for', async () => {
    expect(await watch(firstAnswers(new QueryClient(), patienceMs))()).toBe(true);
  });

  it('waits for every answer, the last one too', async () => {
    const client = new QueryClient();
    const [one, two] = [ask(client), ask(client)];
    const isOver = watch(firstAnswers(client, patienceMs));
    one();
    expect(await isOver()).toBe(false);
    two();
    expect(await isOver()).toBe(true);
  });

  it('waits no longer than patience lasts', async () => {
    const client = new QueryClient();
    ask(client);
    const isOver = watch(firstAnswers(client, patienceMs));
    await vi.advanceTimersByTimeAsync(patienceMs - 10);
    expect(await isOver()).toBe(false);
    await vi.advanceTimersByTimeAsync(10);
    expect(await isOver()).toBe(true);
  });
});
