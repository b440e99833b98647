import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';

import { useIsInFront } from '../../hooks/use-is-in-front.ts';
import { useReturnFocus } from '../../hooks/use-return-focus.ts';

import { AsCommand } from '../as-command/AsCommand.tsx';
import type { Changes } from '../as-command/AsCommand.tsx';

import classes from './Dialog.module.css';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** What it shows is lost when it closes: only its buttons do, not Esc, not a click beside it. */
  isKept?: boolean;
  /** `sm` for a question, `md` for a form, `lg` for a table. */
  size?: 'sm' | 'md' | 'lg';
}

const widths = { sm: '28rem', md: '36rem', lg: '56rem' } as const;

/** An open dialog: mount it to open it, unmount it to close it. Focus goes back by itself. */
export function Dialog({ title, onClose, children, isKept = false, size = 'sm' }: DialogProps) {
  useReturnFocus();
  const isInFront = useIsInFront();
  // Put together from its parts, since the ready-made one draws a second page banner (<header>).
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={widths[size]}
      returnFocus={false}
      closeOnEscape={!isKept && isInFront}
      closeOnClickOutside={!isKept}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content>
        <div className={classes['head']}>
          <Modal.Title className={classes['title'] ?? ''}>{title}</Modal.Title>
          {!isKept && <Modal.CloseButton aria-label="Close" />}
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** The parts of a dialog, one under the other. */
export function DialogBody({ children }: { children: ReactNode }) {
  return <div className={classes['body']}>{children}</div>;
}

interface DialogActionsProps {
  /** What the buttons are about to change, as it is sent. */
  changes: Changes;
  children: ReactNode;
}

/**
 * The buttons: at the bottom right, in view however long the dialog is; before them, what they are
 * about to change as a command.
 */
export function DialogActions({ changes, children }: DialogActionsProps) {
  return (
    <>
      <AsCommand changes={changes} />
      <div className={classes['actions']}>{children}</div>
    </>
  );
}
