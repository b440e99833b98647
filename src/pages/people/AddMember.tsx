import { useState } from 'react';
import type { Team } from '#contract/people/teams.ts';

import { useAddMember } from '../../api/people/people.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { userOptions } from '../../components/people/user-options.ts';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import type { PathScope } from '../../util/paths.ts';

interface AddMemberProps {
  at: PathScope;
  team: Team;
  onClose: () => void;
}

/** Puts somebody into a team. */
export function AddMember({ at, team, onClose }: AddMemberProps) {
  const [user, setUser] = useState<string>();
  const add = useAddMember(at);
  const params = { teamId: team.id };
  const change =
    user === undefined ? undefined : add.change({ params, body: { user: { id: Number(user) } } });
  return (
    <FormDialog
      title={`Add somebody to ${team.name}`}
      submitLabel="Add member"
      size="sm"
      changes={change && [change]}
      pending={add.isPending}
      unsaved={isUnsaved(user !== undefined, add)}
      error={add.error}
      disabledReason={change === undefined ? 'Choose somebody first.' : undefined}
      onSubmit={() => change && add.mutate(change, { onSuccess: onClose })}
      onClose={onClose}
    >
      <ObjectSelect
        label="Who"
        placeholder="Name or e-mail"
        noun="user"
        source={userOptions(at)}
        required
        data-autofocus
        value={user}
        onChange={setUser}
      />
    </FormDialog>
  );
}
