import { Checkbox } from '@mantine/core';
import { useNavigate } from 'react-router';
import { builtinAutomations } from '#contract/roles/roles.ts';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { useCreateRole } from '../../api/roles.ts';
import { helpBelow } from '../../components/forms/fields.tsx';
import { PageForm } from '../../components/forms/PageForm.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { imageSetOptions } from '../../components/options/sources.ts';
import { announce } from '../../util/announce.ts';
import { placeName } from '../../util/places.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { bodyOf, fieldOf, useRoleForm } from './role-form.ts';
import type { RoleForm } from './role-form.ts';
import classes from './NewRoleForm.module.css';
import { RoleFields } from './RoleFields.tsx';

/** The form of a new role, checked as it is filled. */
export function NewRoleForm({ at, scope }: { at: PathScope; scope: ScopeInfo }) {
  const form = useRoleForm();
  // A version of another operating system is none for this role.
  form.watch('osId', () => form.setFieldValue('versionId', ''));
  const navigate = useNavigate();
  const operation = useCreateRole(at);
  const sending = useFormChange({
    form,
    operation,
    change: (values) => operation.change({ body: bodyOf(values) }),
    fieldOf,
    onDone: ({ data }, { versionId: on }) => {
      announce(`${data.name} is created in ${placeName(scope)}. Add its images next.`);
      void navigate(paths.role(at, data.id, on === '' ? {} : { dialog: 'add-version', on }));
    },
  });
  return (
    <PageForm
      {...{ at, form, sending }}
      label="New role"
      submitLabel={`Create role in ${placeName(scope)}`}
      cancelTo={paths.roles(at)}
    >
      <RoleFields at={at} form={form} />
      <VersionField at={at} form={form} />
      <AutomationFields form={form} />
    </PageForm>
  );
}

/** The version whose images the role gets, once it is there; the page of the role asks for the rest. */
function VersionField({ at, form }: { at: PathScope; form: RoleForm }) {
  const { osId, versionId } = form.values;
  if (osId === '') return null;
  return (
    <ObjectSelect
      key={osId}
      inputWrapperOrder={helpBelow}
      label="Version (optional)"
      description="Its images are added next, in all its places."
      placeholder="Name of a version"
      noun="version"
      source={imageSetOptions(at, { os: osId })}
      value={versionId === '' ? undefined : versionId}
      onChange={(id) => form.setFieldValue('versionId', id ?? '')}
    />
  );
}

/** The agent and what it automates; both are settled for good when the role is created. */
function AutomationFields({ form }: { form: RoleForm }) {
  return (
    <>
      <Checkbox
        label="Use the Scalr agent"
        description="Automation needs it, and so every image must have the agent or cloud-init. This cannot be changed later."
        {...form.getInputProps('useScalrAgent', { type: 'checkbox' })}
      />
      {form.values.useScalrAgent && (
        <Checkbox.Group
          label="Automation"
          description="What the agent sets up beside the base. With nothing chosen, only the base."
          {...form.getInputProps('builtinAutomation')}
        >
          <div className={classes['choices']}>
            {builtinAutomations
              .filter((name) => name !== 'base')
              .map((name) => (
                <Checkbox key={name} value={name} label={name} />
              ))}
          </div>
        </Checkbox.Group>
      )}
    </>
  );
}
