import type { UsageFilters } from '../../api/usage.ts';
import { LazyBurnDown } from '../../components/burn-down/LazyBurnDown.tsx';
import { usePreference } from '../../hooks/use-preference.ts';
import type { PathScope } from '../../util/paths.ts';

import classes from './UsagePage.module.css';

/** What the filters leave, over time; whoever does not want to see it closes it for good. */
export function UsageOverTime({ at, filters }: { at: PathScope; filters: UsageFilters }) {
  const [isOpen, setOpen] = usePreference('usage.overTime', true);
  return (
    <details
      className={classes['overTime']}
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>Over time</summary>
      {isOpen && <LazyBurnDown at={at} of={filters} />}
    </details>
  );
}
