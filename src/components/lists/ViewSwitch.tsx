import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './ViewSwitch.module.css';

interface ViewSwitchProps<View extends string> {
  /** What is switched, for those who do not see it: `Show roles as`. */
  label: string;
  /** The ways to show it; the first one is the usual one, which addresses leave out. */
  views: readonly { value: View; label: string }[];
  value: View;
  onChange: (view: View) => void;
  /** The chooser of columns, where the view has columns. */
  children?: ReactNode;
}

/** At the end of a filter bar: which way a list is shown, and the columns of that. */
export function ViewSwitch<View extends string>(props: ViewSwitchProps<View>) {
  const { label, views, value, onChange, children } = props;
  return (
    <div className={classes['tools']}>
      <SegmentedControl
        size="xs"
        aria-label={label}
        data={[...views]}
        value={value}
        onChange={onChange}
      />
      {children}
    </div>
  );
}
