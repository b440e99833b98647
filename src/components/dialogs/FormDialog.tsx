import type { ComponentProps, ReactNode } from 'react';

import { useUnsaved } from '../../hooks/use-unsaved.ts';
import { useLostObject } from '../../util/lost-object.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import type { Changes } from '../as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from './Dialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';

export interface FormDialogProps {
  title: string;
  /** The fields. The one with `data-autofocus` takes the focus, else the first. */
  children: ReactNode;
  /** Names the effect: `Rename image`. */
  submitLabel: string;
  /** What submitting changes, as it is sent; undefined while it cannot be told. */
  changes: Changes;
  onSubmit: () => void;
  onClose: () => void;
  /** The server's error, or null. Leave out what is shown on a field. */
  error: unknown;
  pending: boolean;
  /** Whether something would be lost by leaving it: hooks/use-unsaved.ts. */
  unsaved: boolean;
  disabledReason?: string | undefined;
  /** What is usual is filled in already: the focus starts on the button that submits it. */
  startsOnSubmit?: boolean;
  renderBlocker?: ComponentProps<typeof ErrorNotice>['renderBlocker'];
  size?: 'sm' | 'md' | 'lg';
}

/** A form in a dialog; Enter submits, and it stays open until the server has agreed. */
export function FormDialog(props: FormDialogProps) {
  const { pending, disabledReason } = props;
  // What was typed stays, and can be copied, when its object is gone.
  const lost = useLostObject();
  const error = props.error ?? lost;
  useUnsaved(props.unsaved);
  return (
    <Dialog title={props.title} onClose={props.onClose} size={props.size ?? 'md'}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          // A dialog may stand inside another form of the React tree.
          event.stopPropagation();
          if (!pending && disabledReason === undefined) props.onSubmit();
        }}
      >
        <DialogBody>
          {props.children}
          {error !== null && error !== undefined && (
            <ErrorNotice error={error} renderBlocker={props.renderBlocker} />
          )}
          <DialogActions changes={props.changes}>
            <ActionButton onClick={props.onClose}>Cancel</ActionButton>
            <ActionButton
              type="submit"
              variant="filled"
              pending={pending}
              disabledReason={disabledReason}
              startsFocused={props.startsOnSubmit === true}
            >
              {props.submitLabel}
            </ActionButton>
          </DialogActions>
        </DialogBody>
      </form>
    </Dialog>
  );
}
