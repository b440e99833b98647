import { useState } from 'react';
import type { UserDetail } from '#contract/people/users.ts';

import { useRemoveUser } from '../../api/people/people.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { userOptions } from '../../components/people/user-options.ts';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { announce } from '../../util/announce.ts';
import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';

interface RemoveUserProps {
  at: PathScope;
  user: UserDetail;
  onClose: () => void;
}

/** Has a user leave for good; somebody else gets their farms. */
export function RemoveUser({ at, user, onClose }: RemoveUserProps) {
  const [heir, setHeir] = useState<string>();
  const remove = useRemoveUser(at);
  const { id: userId, name, farms, version: ifMatch } = user;
  const body = heir === undefined ? {} : { newOwner: { id: Number(heir) } };
  const change = remove.change({ params: { userId }, body, ifMatch });
  const done = () => {
    announce(`${name} has left.`);
    onClose();
  };
  return (
    <FormDialog
      title={`Remove ${name}?`}
      submitLabel="Remove"
      changes={[change]}
      pending={remove.isPending}
      unsaved={isUnsaved(heir !== undefined, remove)}
      error={remove.error}
      disabledReason={
        farms > 0 && heir === undefined ? 'Choose first who gets their farms.' : undefined
      }
      onSubmit={() => remove.mutate(change, { onSuccess: done })}
      onClose={onClose}
    >
      <p>
        Their rights, teams, sessions and API keys end for good. What they did stays under their
        name.
      </p>
      {farms > 0 && (
        <ObjectSelect
          label={`Who gets their ${formatQuantity(farms, 'farm')}`}
          placeholder="Name or e-mail"
          noun="user"
          source={userOptions(at)}
          exclude={String(userId)}
          required
          value={heir}
          onChange={setHeir}
        />
      )}
    </FormDialog>
  );
}
