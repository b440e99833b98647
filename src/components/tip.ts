import { formatExactTime } from '../util/format.ts';

/**
 * Marks an element as having a tooltip. One TipHost in the shell shows them all on hover, focus and
 * tap: a mounted tooltip per table cell would cost more than the table.
 */
export function tip(text: string | undefined): { 'data-tip'?: string } {
  return text === undefined || text === '' ? {} : { 'data-tip': text };
}

/** Marks a `time` as having its exact time as its tooltip, formatted when it is shown. */
export const exactTimeTip = { 'data-tip': '', 'data-tip-exact': '' };

/** The text of a marked element's tooltip. */
export function tipText(target: HTMLElement): string {
  return target instanceof HTMLTimeElement && 'tipExact' in target.dataset
    ? formatExactTime(new Date(target.dateTime))
    : (target.dataset['tip'] ?? '');
}
