import type { Operation } from '#contract/records/operations.ts';

import { useNow } from '../../hooks/use-now.ts';
import type { PathScope } from '../../util/paths.ts';

import classes from './Activity.module.css';
import { groupByDay } from './activity-words.ts';
import { OperationEntry } from './OperationEntry.tsx';

interface OperationDaysProps {
  at: PathScope;
  operations: readonly Operation[];
}

/** Changes under the day on which they were made. */
export function OperationDays({ at, operations }: OperationDaysProps) {
  const now = useNow();
  return groupByDay(operations, now).map(({ day, label, rows }) => (
    <section key={day} aria-label={label}>
      <h3 className={classes['day']}>{label}</h3>
      <ul className={classes['list']}>
        {rows.map((operation) => (
          <OperationEntry key={operation.id} at={at} operation={operation} />
        ))}
      </ul>
    </section>
  ));
}
