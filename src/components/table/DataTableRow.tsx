import { memo } from 'react';

import classes from './DataTable.module.css';
import cards from './DataTableCards.module.css';
import type { Column } from './table.ts';

interface DataTableRowProps<Row> {
  id: string;
  row: Row;
  columns: readonly Column<Row>[];
  label: string;
  /** Undefined where rows cannot be selected. */
  isSelected: boolean | undefined;
  onSelect: (key: string, withRange: boolean) => void;
  isChanged: boolean;
  /** Undefined where nothing can be done with rows; its `id` while its menu is the one in use. */
  menu: RowMenuButton | undefined;
}

/** The button of a row's menu. All rows share one menu (use-row-menu.ts). */
export interface RowMenuButton {
  id?: string;
  isOpen: boolean;
}

/** The classes that align and hide a cell or a header of a column. */
export function cellClass<Row>(column: Column<Row>): string {
  const { align, isName = false, isSmall = false } = column;
  return [
    align === 'end' ? classes['end'] : '',
    isName ? classes['nameCell'] : '',
    isSmall ? 'small' : '',
  ].join(' ');
}

function rowClass(isSelected: boolean, isChanged: boolean, canSelect: boolean): string {
  return [
    classes['row'],
    isSelected ? classes['selected'] : '',
    isChanged ? classes['changed'] : '',
    canSelect ? cards['withCheck'] : '',
  ].join(' ');
}

function note(text: string | null | undefined) {
  if (text === undefined || text === null || text === '') return null;
  return (
    <span className={classes['note']} title={text} data-note="">
      {text}
    </span>
  );
}

function PlainRow<Row>(props: DataTableRowProps<Row>) {
  const { id, row, columns, label, isSelected, onSelect, isChanged, menu } = props;
  return (
    <tr
      className={rowClass(isSelected === true, isChanged, isSelected !== undefined)}
      data-key={id}
    >
      {isSelected !== undefined && (
        <td className={classes['check']} data-part="check">
          <input
            type="checkbox"
            aria-label={`Select ${label}`}
            checked={isSelected}
            onChange={(event) => {
              const { nativeEvent } = event;
              onSelect(id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey);
            }}
          />
        </td>
      )}
      {columns.map((column) => (
        <td
          key={column.id}
          className={cellClass(column)}
          data-label={column.header}
          data-name={column.isName}
        >
          {column.cell(row)}
          {note(column.note?.(row))}
        </td>
      ))}
      {menu !== undefined && (
        <td className={classes['menu']} data-part="menu">
          <button
            type="button"
            id={menu.id}
            className={classes['dots']}
            data-row-menu=""
            aria-label={`Actions for ${label}`}
            aria-haspopup="menu"
            aria-expanded={menu.isOpen}
            aria-controls={menu.isOpen ? `${menu.id}-dropdown` : undefined}
          />
        </td>
      )}
    </tr>
  );
}

/**
 * One row: its box, its cells, its menu. Does not render again while only other rows change, or what
 * stands around the table.
 */
export const DataTableRow = memo(PlainRow) as typeof PlainRow;
