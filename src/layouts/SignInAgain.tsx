import { noChanges } from '../components/as-command/AsCommand.tsx';
import { ActionButton } from '../components/actions/ActionButton.tsx';
import { Dialog, DialogActions, DialogBody } from '../components/dialogs/Dialog.tsx';
import { basePath } from '../util/base-path.ts';
import { signInPath } from '../util/paths.ts';

/** Over a form whose session has ended: what is typed below stays, and goes on once somebody signed in. */
export function SignInAgain({ onLeave }: { onLeave: () => void }) {
  return (
    <Dialog title="Your session has ended" onClose={onLeave} isKept>
      <DialogBody>
        <p>
          What you typed is still here.{' '}
          <a href={`${basePath}${signInPath}`} target="_blank" rel="noreferrer" data-autofocus>
            Sign in in a new tab
          </a>
          , or open a sign-in link in this browser; then go on here.
        </p>
        <DialogActions changes={noChanges}>
          <ActionButton onClick={onLeave}>Leave without saving</ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}
