import type { Operation } from '../../api/query.ts';
import type { Change } from '../../api/request.ts';
import { announce } from '../../util/announce.ts';
import { ConfirmDialog } from '../dialogs/ConfirmDialog.tsx';

interface RestoreDialogProps<Id extends 'imageDeprecate' | 'roleDeprecate'> {
  noun: 'image' | 'role';
  object: { name: string; deprecation: { by: string; reason: string | null } | null };
  /** What it can be added to again. */
  users: 'roles' | 'farms';
  restoration: Operation<Id>;
  change: Change<Id>;
  onClose: () => void;
}

/** Takes the deprecation of an image or a role back. */
export function RestoreDialog<Id extends 'imageDeprecate' | 'roleDeprecate'>(
  props: RestoreDialogProps<Id>,
) {
  const { noun, object, users, restoration, change, onClose } = props;
  const { name, deprecation } = object;
  const confirm = () =>
    restoration.mutate(change, {
      onSuccess: () => {
        announce(`${name} is active again and can be added to ${users}.`);
        onClose();
      },
    });
  return (
    <ConfirmDialog
      title={`Restore ${name}?`}
      confirmLabel={`Restore ${noun}`}
      changes={[change]}
      onConfirm={confirm}
      onClose={onClose}
      error={restoration.error}
      pending={restoration.isPending}
    >
      <p>
        It can be added to {users} again.
        {deprecation?.reason == null
          ? ''
          : ` It was deprecated by ${deprecation.by} because: ${deprecation.reason}`}
      </p>
    </ConfirmDialog>
  );
}
