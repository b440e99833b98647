import { Link } from 'react-router';

import { useUpdateRole } from '../../api/roles.ts';
import { blockerWords } from '../../components/ErrorNotice.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { paths } from '../../util/paths.ts';

import { changesOf, fieldOf, useRoleForm } from './role-form.ts';
import type { RoleValues } from './role-form.ts';
import type { RoleDialogProps } from './RoleDialogs.tsx';
import { RoleFields } from './RoleFields.tsx';

/** Changes what a role says of itself; its images and its automation stay. */
export function EditRole({ at, role, onClose }: RoleDialogProps) {
  const update = useUpdateRole(at);
  const form = useRoleForm(role);
  const facts = update.error === null ? undefined : errorFacts(update.error);
  // What stands in the way is listed, which a field's text cannot do.
  const isShownOnField = fieldOf(facts?.field) !== undefined && facts?.blockers.length === 0;
  const changeTo = (values: RoleValues) =>
    update.change({
      params: { roleId: String(role.id) },
      body: changesOf(values),
      ifMatch: role.version,
    });
  const save = (values: RoleValues) => {
    if (!form.isDirty()) {
      onClose();
      return;
    }
    update.mutate(changeTo(values), {
      onSuccess: () => {
        announce(
          values.name === role.name
            ? `${role.name} is changed.`
            : `${role.name} is called ${values.name} now.`,
        );
        onClose();
      },
      onError: (error) => {
        const { field, message, blockers } = errorFacts(error);
        const wrong = fieldOf(field);
        if (wrong !== undefined) form.setFieldError(wrong, blockers.length === 0 ? message : true);
      },
    });
  };
  return (
    <FormDialog
      title={`Edit ${role.name}`}
      submitLabel="Save role"
      changes={form.isValid() ? [changeTo(form.values)] : undefined}
      onSubmit={form.onSubmit(save)}
      onClose={onClose}
      error={isShownOnField ? null : update.error}
      // Images that the role holds can be seen from wherever the role can.
      renderBlocker={(image) => (
        <Link to={paths.image(at, String(image.id))}>{blockerWords(image)}</Link>
      )}
      pending={update.isPending}
    >
      <RoleFields at={at} form={form} />
    </FormDialog>
  );
}
