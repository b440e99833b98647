import { objectQuery, operationQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type RolloutListInput = NonNullable<Input<'rolloutList'>['query']>;

/** Rollouts that the scope sees, newest first. */
export function rolloutListQuery(at: PathScope, query: RolloutListInput = {}) {
  return operationQuery('rolloutList', at, { query });
}

/** One rollout: how far it is, or what it would do. */
export function rolloutQuery(at: PathScope, rolloutId: string) {
  return objectQuery('rolloutGet', at, { params: { rolloutId } });
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
