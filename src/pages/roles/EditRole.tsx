import { Link } from 'react-router';
import type { Role } from '#contract/roles/roles.ts';

import { useUpdateRole } from '../../api/roles.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import type { ObjectDialogProps } from '../../components/objects/object-actions.tsx';
import { blockerWords } from '../../util/blockers.ts';
import { announce } from '../../util/announce.ts';
import { paths } from '../../util/paths.ts';

import { changesOf, fieldOf, useRoleForm } from './role-form.ts';
import { RoleFields } from './RoleFields.tsx';

/** Changes what a role says of itself; its images and its automation stay. */
export function EditRole({ at, object: role, onClose }: ObjectDialogProps<Role>) {
  const operation = useUpdateRole(at);
  const form = useRoleForm(role);
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change: (values) =>
      operation.change({
        params: { roleId: role.id },
        body: changesOf(values),
        ifMatch: role.version,
      }),
    fieldOf,
    onDone: (_answer, { name }) => {
      announce(
        name === role.name ? `${role.name} is changed.` : `${role.name} is called ${name} now.`,
      );
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Edit ${role.name}`}
      submitLabel="Save role"
      {...sending}
      onSubmit={form.onSubmit((values) => (form.isDirty() ? submit(values) : onClose()))}
      onClose={onClose}
      // Images that the role holds can be seen from wherever the role can.
      renderBlocker={(image) => (
        <Link to={paths.image(at, String(image.id))}>{blockerWords(image)}</Link>
      )}
    >
      <RoleFields at={at} form={form} />
    </FormDialog>
  );
}
