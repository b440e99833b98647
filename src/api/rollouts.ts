import { objectQuery, operationQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

/** How often a rollout that goes on by itself is looked at. */
const refreshMs = 2_000;
const goesOn = new Set(['running', 'paused', 'stopped', 'cancelled']);

export type RolloutListInput = NonNullable<Input<'rolloutList'>['query']>;

/** Rollouts that the scope sees, newest first. */
export function rolloutListQuery(at: PathScope, query: RolloutListInput = {}) {
  return operationQuery('rolloutList', at, { query });
}

/** One rollout; while something of it moves, it is read again and again. */
export function rolloutQuery(at: PathScope, rolloutId: string) {
  const query = objectQuery('rolloutGet', at, { params: { rolloutId } });
  return {
    ...query,
    refetchInterval: ({ state }: { state: { data: { data: RolloutAnswer } | undefined } }) =>
      isMoving(state.data?.data) && refreshMs,
  };
}

interface RolloutAnswer {
  state: string;
  counts: { moving: number; baking: number };
}

/** Whether a rollout changes by itself. */
export function isMoving(rollout: RolloutAnswer | undefined): boolean {
  if (rollout === undefined || !goesOn.has(rollout.state)) return false;
  return rollout.state === 'running' || rollout.counts.moving + rollout.counts.baking > 0;
}

export type RolloutServerListInput = NonNullable<Input<'rolloutServerList'>['query']>;

/** The servers of a rollout in the order in which they are moved. */
export function rolloutServerListQuery(
  at: PathScope,
  rolloutId: string,
  query: RolloutServerListInput,
) {
  return operationQuery('rolloutServerList', at, { params: { rolloutId }, query });
}

export type RolloutWish = Input<'rolloutPlan'>['body'];

/** Plans to move servers, which moves nothing: `change({ body })`. */
export function usePlanRollout(at: PathScope) {
  return useOperation('rolloutPlan', at);
}

/** Moves exactly what a plan shows: `change({ params: { rolloutId }, digest })`. */
export function useStartRollout(at: PathScope) {
  return useOperation('rolloutStart', at);
}

/** Moves nothing more for now: `change({ params: { rolloutId } })`. */
export function usePauseRollout(at: PathScope) {
  return useOperation('rolloutPause', at);
}

/** Goes on: `change({ params: { rolloutId } })`. */
export function useResumeRollout(at: PathScope) {
  return useOperation('rolloutResume', at);
}

/** Moves nothing more, or gives a plan up: `change({ params: { rolloutId } })`. */
export function useCancelRollout(at: PathScope) {
  return useOperation('rolloutCancel', at);
}

/** Puts the previous images back, and moves back what was moved: `change({ params: { rolloutId } })`. */
export function useUndoRollout(at: PathScope) {
  return useOperation('rolloutUndo', at);
}
