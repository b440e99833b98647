import type { ChangeId } from '#contract/effects.ts';

import type { Answer } from '../../api/client.ts';
import type { Operation } from '../../api/query.ts';
import type { Change } from '../../api/request.ts';
import { announce } from '../../util/announce.ts';

import { ConfirmDialog } from './ConfirmDialog.tsx';
import type { ConfirmDialogProps } from './ConfirmDialog.tsx';

interface ChangeDialogProps<Id extends ChangeId> extends Omit<
  ConfirmDialogProps,
  'changes' | 'onConfirm' | 'error' | 'pending'
> {
  operation: Operation<Id>;
  change: Change<Id>;
  /** What is said once it is done. */
  done?: string | ((answer: Answer<Id>) => string);
  /** What follows then; the dialog closes without. */
  onDone?: (answer: Answer<Id>) => void;
}

/** Asks before one change, and sends it. */
export function ChangeDialog<Id extends ChangeId>(props: ChangeDialogProps<Id>) {
  const { operation, change, done, onDone = props.onClose, ...dialog } = props;
  const onSuccess = (answer: Answer<Id>) => {
    if (done !== undefined) announce(typeof done === 'string' ? done : done(answer));
    onDone(answer);
  };
  return (
    <ConfirmDialog
      {...dialog}
      changes={[change]}
      onConfirm={() => operation.mutate(change, { onSuccess })}
      error={operation.error}
      pending={operation.isPending}
    />
  );
}
