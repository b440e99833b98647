import type { Operation } from '../../api/query.ts';
import type { Change } from '../../api/request.ts';
import { ChangeDialog } from '../dialogs/ChangeDialog.tsx';

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
  return (
    <ChangeDialog
      title={`Restore ${name}?`}
      confirmLabel={`Restore ${noun}`}
      operation={restoration}
      change={change}
      done={`${name} is active again and can be added to ${users}.`}
      onClose={onClose}
    >
      <p>
        It can be added to {users} again.
        {deprecation?.reason == null
          ? ''
          : ` It was deprecated by ${deprecation.by} because: ${deprecation.reason}`}
      </p>
    </ChangeDialog>
  );
}
