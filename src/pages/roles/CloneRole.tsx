import { useState } from 'react';
import { useNavigate } from 'react-router';
import { roleCreateSchema } from '#contract/roles/roles.ts';
import type { Role } from '#contract/roles/roles.ts';

import { useCloneRole } from '../../api/roles.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { NameField } from '../../components/forms/fields.tsx';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { formatQuantity } from '../../util/format.ts';
import { nameAdvice } from '../../util/name-advice.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

function adviceOn(name: string, { os, osName }: Role): string | undefined {
  return nameAdvice(name, { os: { id: os.id, name: osName, family: null } });
}

/** Copies a role, says so, and goes to the copy. */
function useCopy(at: PathScope, role: Role, images: string) {
  const clone = useCloneRole(at);
  const navigate = useNavigate();
  const copy = (change: Parameters<typeof clone.mutate>[0]) =>
    clone.mutate(change, {
      onSuccess: ({ data }) => {
        announce(`${data.name} is a copy of ${role.name} with ${images}.`);
        // The dialog is not a step to come back to.
        void navigate(paths.role(at, data.id), { replace: true });
      },
    });
  return { clone, copy };
}

/** Copies a role with its images into this scope, under a name of its own, and goes there. */
export function CloneRole({ at, object: role, onClose }: ObjectDialogProps<Role>) {
  const count = role.images?.length ?? 0;
  const images = formatQuantity(count, 'image');
  const { clone, copy } = useCopy(at, role, images);
  const [name, setName] = useState('');
  const [isSent, setIsSent] = useState(false);
  const problem = roleCreateSchema.shape.name.safeParse(name).error?.issues[0]?.message;
  const { field, message } = clone.error === null ? {} : errorFacts(clone.error);
  const nameError = field === 'name' ? message : undefined;
  const change = clone.change({ params: { roleId: String(role.id) }, body: { name } });
  const submit = () => {
    setIsSent(true);
    if (problem === undefined) copy(change);
  };
  return (
    <FormDialog
      title={`Clone ${role.name}`}
      submitLabel={count === 0 ? 'Clone role' : `Clone role with ${images}`}
      changes={problem === undefined ? [change] : undefined}
      onSubmit={submit}
      onClose={onClose}
      error={nameError === undefined ? clone.error : null}
      pending={clone.isPending}
      disabledReason={reasonAgainst(role.actions?.clone)}
    >
      <p>The copy has the same OS, category, settings and images. Farms stay with the original.</p>
      <NameField
        label="Name of the copy"
        description={
          adviceOn(name, role) ?? 'The software on it and its version, such as nginx-1-28.'
        }
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
