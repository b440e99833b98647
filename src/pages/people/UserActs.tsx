import type { UserDetail } from '#contract/people/users.ts';

import {
  useEndSessions,
  useInviteAgain,
  useRestoreUser,
  useSuspendUser,
} from '../../api/people/people.ts';
import type { Operation } from '../../api/query.ts';
import type { Change } from '../../api/request.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { useDialog } from '../../hooks/use-dialog.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { GiveRole } from './GiveRole.tsx';
import { RemoveUser } from './RemoveUser.tsx';
import { ResetSignIn } from './ResetSignIn.tsx';
import { SignInLink } from './SignInLink.tsx';

interface ActsProps {
  at: PathScope;
  user: UserDetail;
}

interface DialogProps extends ActsProps {
  onClose: () => void;
}

const dialogs = [
  'invite',
  'end-sessions',
  'reset-sign-in',
  'suspend',
  'restore',
  'remove',
  'give',
] as const;

/** What may be done with a user; what shuts them out is asked about first. */
export function UserActs({ at, user }: ActsProps) {
  const { dialog, open, close } = useDialog(dialogs);
  const { actions, status } = user;
  const inOrOut = status === 'suspended' ? 'restore' : 'suspend';
  return (
    <>
      <ActionButton
        danger
        disabledReason={reasonAgainst(actions?.remove)}
        onClick={() => open('remove')}
      >
        Remove
      </ActionButton>
      {user.joined === null && user.invited !== null && (
        <ActionButton
          disabledReason={reasonAgainst(actions?.invite)}
          onClick={() => open('invite')}
        >
          New link
        </ActionButton>
      )}
      <ActionButton
        disabledReason={reasonAgainst(actions?.endSessions)}
        onClick={() => open('end-sessions')}
      >
        End sessions
      </ActionButton>
      <ActionButton
        disabledReason={reasonAgainst(actions?.resetSignIn)}
        onClick={() => open('reset-sign-in')}
      >
        Reset sign-in
      </ActionButton>
      <ActionButton
        disabledReason={reasonAgainst(actions?.[inOrOut])}
        onClick={() => open(inOrOut)}
      >
        {inOrOut === 'restore' ? 'Restore' : 'Suspend'}
      </ActionButton>
      <ActionButton
        variant="filled"
        disabledReason={status === 'left' ? 'Who has left is invited again first.' : undefined}
        onClick={() => open('give')}
      >
        Give role
      </ActionButton>
      <UserDialog {...{ dialog, at, user }} onClose={close} />
    </>
  );
}

/** The dialog that the address names. */
function UserDialog({
  dialog,
  ...about
}: DialogProps & { dialog: (typeof dialogs)[number] | undefined }) {
  const { at, user, onClose } = about;
  if (dialog === 'invite') return <InviteAgain {...about} />;
  if (dialog === 'end-sessions') return <EndSessions {...about} />;
  if (dialog === 'reset-sign-in') return <ResetSignIn {...about} />;
  if (dialog === 'suspend') return <SuspendUser {...about} />;
  if (dialog === 'restore') return <RestoreUser {...about} />;
  if (dialog === 'remove') return <RemoveUser {...about} />;
  if (dialog === undefined) return null;
  return <GiveRole {...{ at, onClose }} to={{ user: { id: user.id } }} name={user.name} />;
}

function SuspendUser(props: DialogProps) {
  const operation = useSuspendUser(props.at);
  return (
    <Act
      {...props}
      {...{ operation }}
      change={operation.change(inputOf(props.user))}
      title={`Suspend ${props.user.name}?`}
      label="Suspend"
      done="is suspended"
      danger
    >
      Their sessions end and their API keys are refused, within 5 seconds also on pages that are
      open. Their rights and farms stay until they are restored.
    </Act>
  );
}

function RestoreUser(props: DialogProps) {
  const operation = useRestoreUser(props.at);
  return (
    <Act
      {...props}
      {...{ operation }}
      change={operation.change(inputOf(props.user))}
      title={`Restore ${props.user.name}?`}
      label="Restore"
      done="is let in again"
    >
      They may sign in again, with the rights and keys that they had.
    </Act>
  );
}

function EndSessions(props: DialogProps) {
  const operation = useEndSessions(props.at);
  return (
    <Act
      {...props}
      {...{ operation }}
      change={operation.change(inputOf(props.user))}
      title={`End the sessions of ${props.user.name}?`}
      label="End sessions"
      done="has no session any more"
      danger
    >
      They have to sign in again, everywhere. Their API keys go on.
    </Act>
  );
}

/** The user as they were shown. */
const inputOf = ({ id: userId, version: ifMatch }: UserDetail) => {
  return { params: { userId }, body: {}, ifMatch };
};

type ActId = 'userSuspend' | 'userRestore' | 'userEndSessions';

interface ActProps<Id extends ActId> extends DialogProps {
  operation: Operation<Id>;
  change: Change<Id>;
  title: string;
  label: string;
  /** What is so afterwards, after the name. */
  done: string;
  danger?: boolean;
  children: string;
}

function Act<Id extends ActId>(props: ActProps<Id>) {
  const { user, operation, change, onClose } = props;
  return (
    <ChangeDialog
      title={props.title}
      confirmLabel={props.label}
      danger={props.danger === true}
      operation={operation}
      change={change}
      done={`${user.name} ${props.done}.`}
      onClose={onClose}
    >
      <p>{props.children}</p>
    </ChangeDialog>
  );
}

/** Makes a new link for somebody who has not come yet, and shows it. */
function InviteAgain({ at, user, onClose }: DialogProps) {
  const invite = useInviteAgain(at);
  const change = invite.change({ params: { userId: user.id }, body: {}, ifMatch: user.version });
  const made = invite.data?.data;
  if (made) return <SignInLink {...made} {...{ onClose }} name={user.name} />;
  return (
    <ChangeDialog
      title={`Make a new link for ${user.name}?`}
      confirmLabel="Make link"
      operation={invite}
      change={change}
      onDone={() => undefined}
      onClose={onClose}
    >
      <p>Links that were made before stay good until they expire, or one of them was used.</p>
    </ChangeDialog>
  );
}
