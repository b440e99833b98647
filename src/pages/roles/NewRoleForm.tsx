import { Checkbox } from '@mantine/core';
import { useNavigate } from 'react-router';
import { builtinAutomations } from '#contract/roles/roles.ts';
import type { ScopeInfo } from '#contract/organisation/scopes.ts';

import { useCreateRole } from '../../api/roles.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { AsCommand } from '../../components/as-command/AsCommand.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { placeName } from '../../util/places.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';

import { bodyOf, fieldOf, useRoleForm } from './role-form.ts';
import type { RoleForm, RoleValues } from './role-form.ts';
import classes from './NewRoleForm.module.css';
import { RoleFields } from './RoleFields.tsx';

/** The form of a new role, checked as it is filled. */
export function NewRoleForm({ at, scope }: { at: PathScope; scope: ScopeInfo }) {
  const form = useRoleForm();
  const navigate = useNavigate();
  const create = useCreateRole(at);
  const isShownOnField =
    create.error !== null && fieldOf(errorFacts(create.error).field) !== undefined;
  const change = (values: RoleValues) => create.change({ body: bodyOf(values) });
  const submit = (values: RoleValues) =>
    create.mutate(change(values), {
      onSuccess: ({ data }) => {
        announce(`${data.name} is created in ${placeName(scope)}. Add its images next.`);
        void navigate(paths.role(at, data.id));
      },
      onError: (error) => {
        const { field, message } = errorFacts(error);
        const wrong = fieldOf(field);
        if (wrong === undefined) return;
        form.setFieldError(wrong, message);
        form.getInputNode(wrong)?.focus();
      },
    });
  return (
    <form
      noValidate
      className={classes['form']}
      onSubmit={form.onSubmit(submit, (errors) => {
        const [first] = Object.keys(errors);
        if (first !== undefined) form.getInputNode(first)?.focus();
      })}
      aria-label="New role"
    >
      <RoleFields at={at} form={form} />
      <AutomationFields form={form} />
      {create.error !== null && !isShownOnField && <ErrorNotice error={create.error} />}
      <AsCommand changes={form.isValid() ? [change(form.values)] : undefined} />
      <div className={classes['actions']}>
        <ActionButton to={paths.roles(at)}>Cancel</ActionButton>
        <ActionButton type="submit" variant="filled" pending={create.isPending}>
          {`Create role in ${placeName(scope)}`}
        </ActionButton>
      </div>
    </form>
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
