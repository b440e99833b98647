import type { Column } from './table.ts';

type Sized = Pick<Column<never>, 'width' | 'isName'>;

/** The least that a name may be squeezed to. */
const nameRem = 12;
const flexibleRem = 6;
/** Narrower than this, rows are cards even where a short table would fit. */
const cardsBelowRem = 27;
/** A table that needs up to this much more than there is scrolls sideways; beyond it, rows are cards. */
const mostScrolled = 1.5;

function remOf(column: Sized): number {
  const rem = /^(\d+(?:\.\d+)?)rem$/.exec(column.width ?? '')?.[1];
  if (rem !== undefined) return Number(rem);
  return column.isName === true ? nameRem : flexibleRem;
}

/** How rows are laid out; `minRem` is what all columns need side by side. */
export type TableLayout = { kind: 'cards' } | { kind: 'columns'; minRem: number; scrolls: boolean };

/**
 * Every column that is chosen is shown: side by side where they fit into a width in rem, else scrolled
 * sideways, and as labelled values on cards where that would be most of the table.
 * @param otherRem what boxes and menus take of the width
 */
export function layOut(columns: readonly Sized[], widthRem: number, otherRem: number): TableLayout {
  const minRem = otherRem + columns.reduce((sum, column) => sum + remOf(column), 0);
  if (widthRem < cardsBelowRem || minRem > widthRem * mostScrolled) return { kind: 'cards' };
  return { kind: 'columns', minRem, scrolls: minRem > widthRem };
}

const paddingPx = 12;
const mostPx = 256;
const remPx = 16;

/**
 * Columns that say their texts, each as wide as the longest of these rows and its own header need: names
 * are whole, and a column that has little to say leaves its room to the others.
 * @param measure the width in px of a text at a font size in px
 */
export function widen<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[] | undefined,
  measure: (text: string, sizePx: number) => number,
): readonly Column<Row>[] {
  if (rows === undefined || rows.length === 0) return columns;
  return columns.map((column) => {
    const { text, header, sortKey } = column;
    if (text === undefined) return column;
    const sizePx = column.isSmall === true ? 12 : 14;
    const headPx = measure(header, 12) + (sortKey === undefined ? 0 : remPx);
    const longestPx = Math.max(headPx, ...rows.map((row) => measure(text(row), sizePx)));
    return { ...column, width: `${Math.ceil(Math.min(longestPx + paddingPx, mostPx)) / remPx}rem` };
  });
}
