/**
 * Marks an element as having a tooltip. One TipHost in the shell shows them all on hover, focus and
 * tap: a mounted tooltip per table cell would cost more than the table.
 */
export function tip(text: string | undefined): { 'data-tip'?: string } {
  return text === undefined || text === '' ? {} : { 'data-tip': text };
}
