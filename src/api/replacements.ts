import { objectQuery, operationQuery, useOperation } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

/** What replacing an image would change; the server changes nothing. */
export function imageReplacePreviewQuery(
  at: PathScope,
  imageId: string,
  body: Input<'imageReplacePreview'>['body'],
) {
  return objectQuery('imageReplacePreview', at, { params: { imageId }, body });
}

/** Replaces an image in every role in reach: `change({ params: { imageId }, body })`. */
export function useReplaceImage(at: PathScope) {
  return useOperation('imageReplace', at);
}

export type ReplacementListInput = NonNullable<Input<'replacementList'>['query']>;

/** Replacements that the scope sees, newest first. */
export function replacementListQuery(at: PathScope, query: ReplacementListInput = {}) {
  return operationQuery('replacementList', at, { query });
}

export type ReplacerListInput = NonNullable<Input<'replacerList'>['query']>;

/** Who has planned or made the replacements that the scope sees. */
export function replacerListQuery(at: PathScope, query: ReplacerListInput) {
  return operationQuery('replacerList', at, { query });
}

/** One replacement, what is still on its old image, and what rolling it back would do. */
export function replacementQuery(at: PathScope, replacementId: string) {
  return objectQuery('replacementGet', at, { params: { replacementId } });
}

/** Makes a plan, which changes nothing: `change({ body })`. */
export function usePlanReplacement(at: PathScope) {
  return useOperation('replacementPlan', at);
}

/** Changes a plan or makes it anew: `change({ params: { replacementId }, body, ifMatch })`. */
export function useReplanReplacement(at: PathScope) {
  return useOperation('replacementReplan', at);
}

/** Carries out exactly what a plan shows: `change({ params: { replacementId }, digest })`. */
export function useApplyReplacement(at: PathScope) {
  return useOperation('replacementApply', at);
}

/** Gives a plan up: `change({ params: { replacementId } })`. */
export function useCancelReplacement(at: PathScope) {
  return useOperation('replacementCancel', at);
}

/** What rolling a part of a replacement back would do; the server changes nothing. */
export function rollBackPreviewQuery(
  at: PathScope,
  replacementId: string,
  body: Input<'replacementRollBackPreview'>['body'],
) {
  return objectQuery('replacementRollBackPreview', at, { params: { replacementId }, body });
}

/** Restores what one replacement changed: `change({ params: { replacementId }, body: { reason } })`. */
export function useRollBackReplacement(at: PathScope) {
  return useOperation('replacementRollBack', at);
}

/**
 * What replacing a set would do; the server keeps and changes nothing.
 * @public Every operation of the contract can be called; people look at a plan instead.
 */
export function setReplacePreviewQuery(
  at: PathScope,
  imageSetId: number,
  body: Input<'imageSetReplacePreview'>['body'],
) {
  return objectQuery('imageSetReplacePreview', at, { params: { imageSetId }, body });
}

/**
 * Replaces a set in one call: `change({ params: { imageSetId }, body })`.
 * @public Every operation of the contract can be called; people apply a plan instead.
 */
export function useReplaceSet(at: PathScope) {
  return useOperation('imageSetReplace', at);
}
