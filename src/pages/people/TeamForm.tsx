import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ChangeId } from '#contract/effects.ts';
import type { Team } from '#contract/people/teams.ts';

import type { Operation } from '../../api/query.ts';
import type { Change } from '../../api/request.ts';
import { useCreateTeam, useUpdateTeam } from '../../api/people/people.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { useFormChange } from '../../components/forms/use-form-change.ts';
import type { PathScope } from '../../util/paths.ts';

interface Values {
  name: string;
  externalGroup: string;
}

const fieldOf = (member: string | undefined) =>
  member === 'name' || member === 'externalGroup' ? member : undefined;

const bodyOf = ({ name, externalGroup }: Values) => ({
  name: name.trim(),
  externalGroup: externalGroup.trim() === '' ? null : externalGroup.trim(),
});

/** Creates a team at the scope of the page. */
export function CreateTeam({ at, onClose }: { at: PathScope; onClose: () => void }) {
  const operation = useCreateTeam(at);
  return (
    <TeamForm
      title="New team"
      submitLabel="Create team"
      initialValues={{ name: '', externalGroup: '' }}
      operation={operation}
      change={(values) => operation.change({ body: bodyOf(values) })}
      onClose={onClose}
    />
  );
}

interface EditTeamProps {
  at: PathScope;
  team: Team;
  onClose: () => void;
}

/** Renames a team, or maps it to another group. */
export function EditTeam({ at, team, onClose }: EditTeamProps) {
  const operation = useUpdateTeam(at);
  const { id: teamId, name, externalGroup, version: ifMatch } = team;
  return (
    <TeamForm
      title={`Edit team ${name}`}
      submitLabel="Save"
      initialValues={{ name, externalGroup: externalGroup ?? '' }}
      operation={operation}
      change={(values) => operation.change({ params: { teamId }, body: bodyOf(values), ifMatch })}
      onClose={onClose}
    />
  );
}

interface TeamFormProps<Id extends ChangeId> {
  title: string;
  submitLabel: string;
  initialValues: Values;
  operation: Operation<Id>;
  change: (values: Values) => Change<Id>;
  onClose: () => void;
}

function TeamForm<Id extends ChangeId>(props: TeamFormProps<Id>) {
  const { title, submitLabel, initialValues, operation, change, onClose } = props;
  const form = useForm({
    initialValues,
    validate: { name: (name) => (name.trim() === '' ? 'Type a name first.' : null) },
  });
  const { submit, ...sending } = useFormChange({
    form,
    operation,
    change,
    fieldOf,
    onDone: onClose,
  });
  return (
    <FormDialog {...{ title, submitLabel, onClose }} {...sending} onSubmit={form.onSubmit(submit)}>
      <TextInput
        label="Name"
        maxLength={100}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      <TextInput
        label="Group at sign-in"
        description="Who has this group at the sign-in provider is in the team. Leave it empty to choose members here alone."
        maxLength={255}
        autoComplete="off"
        {...form.getInputProps('externalGroup')}
      />
    </FormDialog>
  );
}
