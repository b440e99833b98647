import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { roleCreateSchema } from '#contract/roles/roles.ts';

import { useCloneRole } from '../../api/roles.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { formatQuantity } from '../../util/format.ts';
import { nameAdvice } from '../../util/name-advice.ts';
import { paths } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import type { RoleDialogProps } from './RoleDialogs.tsx';

/** Copies a role with its images into this scope, under a name of its own, and goes there. */
export function CloneRole({ at, role, onClose }: RoleDialogProps) {
  const clone = useCloneRole(at);
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [isSent, setIsSent] = useState(false);
  const problem = roleCreateSchema.shape.name.safeParse(name).error?.issues[0]?.message;
  const { field, message } = clone.error === null ? {} : errorFacts(clone.error);
  const images = role.images?.length ?? 0;
  const change = clone.change({ params: { roleId: String(role.id) }, body: { name } });
  const submit = () => {
    setIsSent(true);
    if (problem !== undefined) return;
    clone.mutate(change, {
      onSuccess: ({ data }) => {
        announce(`${data.name} is a copy of ${role.name} with ${formatQuantity(images, 'image')}.`);
        // The dialog is not a step to come back to.
        void navigate(paths.role(at, data.id), { replace: true });
      },
    });
  };
  return (
    <FormDialog
      title={`Clone ${role.name}`}
      submitLabel={
        images === 0 ? 'Clone role' : `Clone role with ${formatQuantity(images, 'image')}`
      }
      changes={problem === undefined ? [change] : undefined}
      onSubmit={submit}
      onClose={onClose}
      error={field === 'name' ? null : clone.error}
      pending={clone.isPending}
      disabledReason={reasonAgainst(role.actions?.clone)}
    >
      <p>The copy has the same OS, category, settings and images. Farms stay with the original.</p>
      <TextInput
        label="Name of the copy"
        description={
          nameAdvice(name, { os: { id: role.os.id, name: role.osName, family: null } }) ??
          'The software on it and its version, such as nginx-1-28.'
        }
        data-autofocus
        required
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        value={name}
        error={(isSent ? problem : undefined) ?? (field === 'name' ? message : undefined)}
        onChange={(event) => {
          setName(event.target.value);
          setIsSent(false);
          clone.reset();
        }}
      />
    </FormDialog>
  );
}
