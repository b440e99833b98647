import { ActionIcon } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { Suspense, useMemo } from 'react';

import { useMenu } from '../../hooks/use-menu.ts';
import { usePreference } from '../../hooks/use-preference.ts';
import { lazyPart } from '../../util/lazy-part.ts';

import type { Column } from './table.ts';
import { tip } from '../tip.ts';

const ColumnChoices = lazyPart(async () => (await import('./ColumnChoices.tsx')).ColumnChoices);

interface ColumnChoice<Row> {
  /** The columns to give to the DataTable. */
  visible: readonly Column<Row>[];
  chooser: {
    columns: readonly Column<Row>[];
    shown: readonly string[];
    onChange: (shown: string[]) => void;
  };
}

/** Which columns of a table are shown; this browser remembers it under the table's name. */
export function useColumnChoice<Row>(
  table: string,
  columns: readonly Column<Row>[],
): ColumnChoice<Row> {
  const usual = useMemo(
    () => columns.filter((column) => column.isHiddenByDefault !== true).map((column) => column.id),
    [columns],
  );
  const [shown, onChange] = usePreference<string[]>(`columns.${table}`, usual);
  const visible = useMemo(
    () => columns.filter((column) => column.isName === true || shown.includes(column.id)),
    [columns, shown],
  );
  return { visible, chooser: { columns, shown, onChange } };
}

/** Chooses the columns of a table; stands at the end of its filter bar. */
export function ColumnChooser<Row>({ columns, shown, onChange }: ColumnChoice<Row>['chooser']) {
  const { target, panel } = useMenu(ColumnChoices.fetchAhead);
  return (
    <>
      <ActionIcon aria-label="Choose columns" size="2rem" {...tip('Choose columns')} {...target}>
        <IconColumns3 size={16} aria-hidden />
      </ActionIcon>
      {panel !== undefined && (
        <Suspense>
          <ColumnChoices
            panel={panel}
            columns={columns.filter((column) => column.isName !== true)}
            shown={shown}
            onChange={onChange}
          />
        </Suspense>
      )}
    </>
  );
}
