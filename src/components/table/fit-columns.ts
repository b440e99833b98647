import type { Column } from './table.ts';

type Sized = Pick<Column<never>, 'width' | 'hideBelow' | 'isName'>;

/** The least that a name may be squeezed to. */
const nameRem = 12;
const flexibleRem = 6;
/** Narrower than this, rows are cards even where a short table would fit. */
const cardsBelowRem = 27;

const leavesFirst = ['lg', 'md', 'sm'] as const;

function remOf(column: Sized): number {
  const rem = /^(\d+(?:\.\d+)?)rem$/.exec(column.width ?? '')?.[1];
  if (rem !== undefined) return Number(rem);
  return column.isName === true ? nameRem : flexibleRem;
}

/**
 * The columns that fit side by side into a width in rem, of which `otherRem` is taken by boxes and
 * menus. Those marked `hideBelow` leave when they have to: `lg` before `md` before `sm`, the last
 * first. Undefined when even the rest does not fit: then rows become cards, with every column.
 */
export function fitColumns<C extends Sized>(
  columns: readonly C[],
  widthRem: number,
  otherRem: number,
): readonly C[] | undefined {
  if (widthRem < cardsBelowRem) return undefined;
  const leaving = leavesFirst.flatMap((level) =>
    columns.filter((column) => column.hideBelow === level).toReversed(),
  );
  const gone = new Set<C>();
  let needed = otherRem + columns.reduce((sum, column) => sum + remOf(column), 0);
  for (const column of leaving) {
    if (needed <= widthRem) break;
    needed -= remOf(column);
    gone.add(column);
  }
  if (needed > widthRem) return undefined;
  return gone.size === 0 ? columns : columns.filter((column) => !gone.has(column));
}
