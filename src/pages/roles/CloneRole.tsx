import { useState } from 'react';
import { useNavigate } from 'react-router';
import { roleCreateSchema } from '#contract/roles/roles.ts';
import type { Role } from '#contract/roles/roles.ts';

import { useCloneRole } from '../../api/roles.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { NameField } from '../../components/forms/fields.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { formatQuantity } from '../../util/format.ts';
import { nameAdvice } from '../../util/name-advice.ts';
import { paths } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

function adviceOn(name: string, { os, osName }: Role): string {
  const advice = nameAdvice(name, { os: { id: os.id, name: osName, family: null } });
  return advice ?? 'The software on it and its version, such as nginx-1-28.';
}

/** Copies a role with its images into this scope, under a name of its own, and goes there. */
export function CloneRole({ at, object: role, onClose }: ObjectDialogProps<Role>) {
  const clone = useCloneRole(at);
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [isSent, setIsSent] = useState(false);
  const problem = roleCreateSchema.shape.name.safeParse(name).error?.issues[0]?.message;
  const { field, message } = clone.error === null ? {} : errorFacts(clone.error);
  const nameError = field === 'name' ? message : undefined;
  const images = formatQuantity(role.images?.length ?? 0, 'image');
  const change = clone.change({ params: { roleId: String(role.id) }, body: { name } });
  const submit = () => {
    setIsSent(true);
    if (problem !== undefined) return;
    clone.mutate(change, {
      onSuccess: ({ data }) => {
        announce(`${data.name} is a copy of ${role.name} with ${images}.`);
        // The dialog is not a step to come back to.
        void navigate(paths.role(at, data.id), { replace: true });
      },
    });
  };
  return (
    <FormDialog
      title={`Clone ${role.name}`}
      submitLabel={role.images?.length ? `Clone role with ${images}` : 'Clone role'}
      changes={problem === undefined ? [change] : undefined}
      onSubmit={submit}
      onClose={onClose}
      error={nameError === undefined ? clone.error : null}
      pending={clone.isPending}
      unsaved={isUnsaved(name !== '', clone)}
      disabledReason={reasonAgainst(role.actions?.clone)}
    >
      <p>The copy has the same OS, category, settings and images. Farms stay with the original.</p>
      <NameField
        label="Name of the copy"
        description={adviceOn(name, role)}
        data-autofocus
        required
        maxLength={100}
        value={name}
        error={(isSent ? problem : undefined) ?? nameError}
        onChange={(event) => {
          setName(event.target.value);
          setIsSent(false);
          clone.reset();
        }}
      />
    </FormDialog>
  );
}
