import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChangeId } from '#contract/effects.ts';

import { call } from './client.ts';
import type { AnyChange, Input } from './request.ts';
import { settle } from './query.ts';

/** What became of one object of many. */
export type Outcome =
  | { state: 'running' }
  | { state: 'done' }
  | { state: 'failed'; error: unknown };

const none: ReadonlyMap<string, Outcome> = new Map();

/** A change of one of many objects. */
export type EachChange = AnyChange & { readonly id: ChangeId };

/**
 * A change of many objects, carried out one after the other: `plan([{ key, change }]).run()`. A refusal
 * of one does not stop the rest; `outcomes` says by key what became of each, and `run` whether all is
 * done. What the whole makes stale
 * is read again once, at the end; until then `isRunning`.
 */
export function useEach() {
  const client = useQueryClient();
  const [outcomes, setOutcomes] = useState(none);
  const [isRunning, setIsRunning] = useState(false);
  const report = (key: string, outcome: Outcome) =>
    setOutcomes((before) => new Map(before).set(key, outcome));
  const run = async (items: readonly { key: string; change: EachChange }[]) => {
    let isWhole = true;
    setIsRunning(true);
    for (const { key, change } of items) {
      report(key, { state: 'running' });
      try {
        // oxlint-disable-next-line no-await-in-loop -- one at a time, as they are reported
        await call(change.id, change.at, change.input as Input<ChangeId>);
        report(key, { state: 'done' });
      } catch (error) {
        isWhole = false;
        report(key, { state: 'failed', error });
      }
    }
    await settle(
      client,
      items.map(({ change }) => change.id),
    );
    setIsRunning(false);
    return isWhole;
  };
  /** What would be changed, to be shown and to be carried out. */
  const plan = (items: readonly { key: string; change: EachChange }[]) => ({
    changes: items.map(({ change }) => change),
    run: () => run(items),
    outcomes,
    isRunning,
  });
  return { plan };
}
