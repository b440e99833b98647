import { ActionButton } from '../components/actions/ActionButton.tsx';
import { noChanges } from '../components/as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../components/dialogs/Dialog.tsx';

interface LeaveQuestionProps {
  onLeave: () => void;
  onStay: () => void;
}

/** Asks before what was typed is lost; Esc stays. */
export function LeaveQuestion({ onLeave, onStay }: LeaveQuestionProps) {
  return (
    <Dialog title="Leave without saving?" onClose={onStay}>
      <DialogBody>
        <p>What you entered here is not saved and would be lost.</p>
        <DialogActions changes={noChanges}>
          <ActionButton danger onClick={onLeave}>
            Leave without saving
          </ActionButton>
          <ActionButton variant="filled" onClick={onStay} startsFocused>
            Go on editing
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}
