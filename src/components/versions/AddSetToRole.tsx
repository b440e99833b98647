import { useState } from 'react';

import { SetActDialog } from './SetActDialog.tsx';
import { nameOf } from './set-dialog.ts';
import type { SetDialogProps } from './set-dialog.ts';
import { amountOf, useSetChoice } from './set-plan.ts';
import { ArchitectureField } from './ArchitectureField.tsx';
import { ReplaceField } from './ReplaceField.tsx';
import { useRoleEntry } from './use-role-entry.ts';
import { ObjectSelect } from '../options/ObjectSelect.tsx';
import { useChosenOption } from '../options/option-source.ts';
import { roleOptions } from '../options/sources.ts';

/** Gives a role the images of a set, in all places at once. */
export function AddSetToRole(props: SetDialogProps) {
  const { at, object: set, images, onClose } = props;
  const choice = useSetChoice(images);
  const [roleId, setRoleId] = useState<string>();
  const entry = useRoleEntry({ at, set, roleId, selection: choice.selection });
  const role = useChosenOption(roleOptions(at), roleId);
  return (
    <SetActDialog
      {...{ at, choice, onClose }}
      title={`Add ${nameOf(props)} to a role`}
      submitLabel={roleId === undefined ? 'Add images' : `Add ${amountOf(entry.plan)}`}
      done={`added to ${role?.label ?? 'the role'}`}
      plan={entry.plan}
      operation={entry.addition}
      change={entry.change}
      isDirty={roleId !== undefined}
      disabledReason={roleId === undefined ? 'Choose the role first.' : undefined}
      isErrorShown={entry.roleError !== undefined}
    >
      <ObjectSelect
        noun="role"
        label="Role"
        placeholder="Name of a role"
        description={`Roles of this scope with ${set.osName}.`}
        source={roleOptions(at, { scope: at.scope, os: set.os.id })}
        required
        value={roleId}
        onChange={setRoleId}
        error={entry.roleError}
      />
      <ArchitectureField {...entry} architectures={set.architectures} />
      <ReplaceField isChosen={entry.replaces} onChange={entry.setReplaces} />
    </SetActDialog>
  );
}
