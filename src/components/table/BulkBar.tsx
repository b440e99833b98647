import { VisuallyHidden } from '@mantine/core';

import { formatQuantity } from '../../util/format.ts';

import { ActionButton } from '../actions/ActionButton.tsx';
import type { ActionItem } from '../actions/ActionMenu.tsx';
import classes from './BulkBar.module.css';

interface BulkBarProps {
  /** How many rows are selected; none, and there is no bar. */
  count: number;
  /** In the singular. */
  noun: string;
  /** Labels name the effect and the amount: `Deprecate 3 images`. */
  actions: readonly ActionItem[];
  onClear: () => void;
}

/** What can be done with the selected rows. Appears with the first, and stays in view. */
export function BulkBar({ count, noun, actions, onClear }: BulkBarProps) {
  const words = `${formatQuantity(count, noun)} selected`;
  if (count === 0) return <VisuallyHidden component="output" />;
  return (
    <section className={classes['bar']} aria-label="Selection">
      <output>{words}</output>
      {actions.map((action) => (
        <ActionButton
          key={action.id}
          icon={action.icon}
          danger={action.danger ?? false}
          disabledReason={action.disabledReason}
          to={action.to}
          onClick={action.onSelect}
          onIntent={action.onIntent}
        >
          {action.label}
        </ActionButton>
      ))}
      <ActionButton variant="subtle" onClick={onClear}>
        Clear selection
      </ActionButton>
    </section>
  );
}
