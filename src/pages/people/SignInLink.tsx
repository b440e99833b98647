import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { noChanges } from '../../components/as-command/AsCommand.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Dialog, DialogActions, DialogBody } from '../../components/dialogs/Dialog.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';

interface SignInLinkProps {
  name: string;
  link: { url: string; expires: string };
  /** A mail with another one is on its way. */
  mailed: boolean;
  onClose: () => void;
}

/** The link that signs somebody in, to be sent to them. */
export function SignInLink({ name, link, mailed, onClose }: SignInLinkProps) {
  return (
    <Dialog title={`Send this link to ${name}`} onClose={onClose} isKept size="md">
      <DialogBody>
        <p>
          It signs them in once, until it expires: <RelativeTime at={link.expires} />. Whoever has
          it can use it, and it is not shown again.
          {mailed && ' A mail with another link is on its way.'}
        </p>
        <p>
          <CopyableId id={link.url} what="link" length={100} /> <CopyButton text={link.url} />
        </p>
        <DialogActions changes={noChanges}>
          <ActionButton variant="filled" onClick={onClose}>
            Done
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}
