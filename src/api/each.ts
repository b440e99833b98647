import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OperationId } from '#contract/operations.ts';

import { call } from './client.ts';
import type { At, Input } from './client.ts';
import { settle } from './query.ts';

/** What became of one object of many. */
export type Outcome =
  | { state: 'running' }
  | { state: 'done' }
  | { state: 'failed'; error: unknown };

const none: ReadonlyMap<string, Outcome> = new Map();

/**
 * One operation carried out on many objects, one after the other: `run([{ key, input }])`. A refusal
 * of one does not stop the rest; `outcomes` says by key what became of each. What the whole makes
 * stale is read again once, at the end; until then `isRunning`.
 */
export function useEach<Id extends OperationId>(
  id: Id,
  at: At,
  { invalidates }: { invalidates: readonly OperationId[] },
) {
  const client = useQueryClient();
  const [outcomes, setOutcomes] = useState(none);
  const [isRunning, setIsRunning] = useState(false);
  const report = (key: string, outcome: Outcome) =>
    setOutcomes((before) => new Map(before).set(key, outcome));
  const run = async (items: readonly { key: string; input: Input<Id> }[]) => {
    setIsRunning(true);
    for (const { key, input } of items) {
      report(key, { state: 'running' });
      try {
        // oxlint-disable-next-line no-await-in-loop -- one at a time, as they are reported
        await call(id, at, input);
        report(key, { state: 'done' });
      } catch (error) {
        report(key, { state: 'failed', error });
      }
    }
    await settle(client, id, {}, invalidates);
    setIsRunning(false);
  };
  return { run, outcomes, isRunning };
}
