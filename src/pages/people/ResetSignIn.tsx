import type { UserDetail } from '#contract/people/users.ts';

import { useResetSignIn } from '../../api/people/people.ts';
import { ConfirmDialog } from '../../components/dialogs/ConfirmDialog.tsx';
import { announce } from '../../util/announce.ts';
import type { PathScope } from '../../util/paths.ts';

import { SignInLink } from './SignInLink.tsx';

interface ResetSignInProps {
  at: PathScope;
  user: UserDetail;
  onClose: () => void;
}

/** For who has lost their passkeys or forgotten their password; shows the link, unless it went by mail. */
export function ResetSignIn({ at, user, onClose }: ResetSignInProps) {
  const reset = useResetSignIn(at);
  const change = reset.change({ params: { userId: user.id }, body: {}, ifMatch: user.version });
  const link = reset.data?.data.link;
  if (link) return <SignInLink {...{ link, onClose }} name={user.name} mailed={false} />;
  const onSuccess = ({ data }: { data: { mailed: boolean } }) => {
    if (!data.mailed) return;
    announce(`A link is on its way to ${user.email}.`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Reset how ${user.name} signs in?`}
      confirmLabel="Reset sign-in"
      danger
      pending={reset.isPending}
      error={reset.error}
      changes={[change]}
      onConfirm={() => reset.mutate(change, { onSuccess })}
      onClose={onClose}
    >
      <p>
        Their password and passkeys sign in no more, and their sessions end. A link lets them in
        once, within 24 hours, to set up others. Where mail is set up it goes to {user.email};
        otherwise you are shown it. API keys and the provider go on.
      </p>
    </ConfirmDialog>
  );
}
