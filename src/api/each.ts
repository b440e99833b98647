import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OperationId } from '#contract/operations.ts';

import { call } from './client.ts';
import type { At, Change, Input } from './request.ts';
import { settle } from './query.ts';

/** What became of one object of many. */
export type Outcome =
  | { state: 'running' }
  | { state: 'done' }
  | { state: 'failed'; error: unknown };

const none: ReadonlyMap<string, Outcome> = new Map();

/**
 * One operation carried out on many objects, one after the other: `plan([{ key, input }]).run()`. A
 * refusal of one does not stop the rest; `outcomes` says by key what became of each. What the whole
 * makes stale is read again once, at the end; until then `isRunning`.
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
  const run = async (items: readonly { key: string; change: Change<Id> }[]) => {
    setIsRunning(true);
    for (const { key, change } of items) {
      report(key, { state: 'running' });
      try {
        // oxlint-disable-next-line no-await-in-loop -- one at a time, as they are reported
        await call(change.id, change.at, change.input);
        report(key, { state: 'done' });
      } catch (error) {
        report(key, { state: 'failed', error });
      }
    }
    await settle(client, id, {}, invalidates);
    setIsRunning(false);
  };
  /** What would be changed, to be shown and to be carried out. */
  const plan = (objects: readonly { key: string; input: Input<Id> }[]) => {
    const items = objects.map(({ key, input }) => ({ key, change: { id, at, input } }));
    return {
      changes: items.map(({ change }) => change),
      run: () => run(items),
      outcomes,
      isRunning,
    };
  };
  return { plan };
}
