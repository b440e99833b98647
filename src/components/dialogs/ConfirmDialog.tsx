import type { ComponentProps, ReactNode } from 'react';

import { ActionButton } from '../actions/ActionButton.tsx';
import type { Changes } from '../as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from './Dialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';

export interface ConfirmDialogProps {
  /** The question, e.g. `Delete image web-base?` */
  title: string;
  /** What happens, to how many, and what cannot be undone. */
  children: ReactNode;
  /** Names the effect and the amount: `Delete image`, `Deprecate 3 images`. */
  confirmLabel: string;
  /** What confirming changes, as it is sent; undefined while it cannot be told. */
  changes: Changes;
  onConfirm: () => void;
  onClose: () => void;
  /** The error of the last attempt, or null: the dialog stays open and shows it. */
  error: unknown;
  pending: boolean;
  /** Red, and never the default: the focus starts on Cancel. */
  danger?: boolean;
  /** Why it cannot be confirmed yet. */
  disabledReason?: string | undefined;
  renderBlocker?: ComponentProps<typeof ErrorNotice>['renderBlocker'];
  size?: 'sm' | 'md' | 'lg';
}

/** Asks before doing something; stays open until it is done or left. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { danger = false, error, pending } = props;
  return (
    <Dialog title={props.title} onClose={props.onClose} size={props.size ?? 'sm'}>
      <DialogBody>
        {props.children}
        {error !== null && error !== undefined && (
          <ErrorNotice error={error} renderBlocker={props.renderBlocker} />
        )}
        <DialogActions changes={props.changes}>
          <ActionButton onClick={props.onClose} startsFocused={danger}>
            Cancel
          </ActionButton>
          <ActionButton
            variant="filled"
            danger={danger}
            pending={pending}
            disabledReason={props.disabledReason}
            onClick={props.onConfirm}
            startsFocused={!danger}
          >
            {props.confirmLabel}
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}
