import { Dialog } from '../dialogs/Dialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';

interface ObjectNotShownProps {
  noun: string;
  error: Error;
  onClose: () => void;
}

/** In place of a dialog about an object that cannot be read: why. */
export function ObjectNotShown({ noun, error, onClose }: ObjectNotShownProps) {
  return (
    <Dialog title={`This ${noun} cannot be shown`} onClose={onClose}>
      <ErrorNotice error={error} />
    </Dialog>
  );
}
