import { TextInput } from '@mantine/core';
import type { Verdict } from '#contract/actions.ts';

import { useCreateAccount, useCreateEnvironment } from '../../api/scopes.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { useUnsaved } from '../../hooks/use-unsaved.ts';
import { useNameField } from '../../hooks/use-name-field.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import classes from './WelcomePage.module.css';

interface VerdictProps {
  /** Undefined until it is known: meanwhile it can be tried. */
  verdict: Verdict | undefined;
}

/** Creates the first account. */
export function AccountForm({ verdict }: VerdictProps) {
  const create = useCreateAccount();
  return (
    <NameForm
      label="Name of the account"
      submitLabel="Create account"
      disabledReason={verdict && reasonAgainst(verdict)}
      pending={create.isPending}
      isDone={create.isSuccess}
      error={create.error}
      onSubmit={(name) => create.mutate(create.change({ body: { name } }))}
    />
  );
}

/** Creates the first environment of the account. */
export function EnvironmentForm({ accountId, verdict }: VerdictProps & { accountId: number }) {
  const create = useCreateEnvironment(accountId);
  return (
    <NameForm
      label="Name of the environment"
      submitLabel="Create environment"
      disabledReason={verdict && reasonAgainst(verdict)}
      pending={create.isPending}
      isDone={create.isSuccess}
      error={create.error}
      onSubmit={(name) => create.mutate(create.change({ body: { name } }))}
    />
  );
}

interface NameFormProps {
  label: string;
  submitLabel: string;
  disabledReason: string | undefined;
  pending: boolean;
  isDone: boolean;
  error: Error | null;
  onSubmit: (name: string) => void;
}

function NameForm(props: NameFormProps) {
  const { pending, isDone, error, disabledReason } = props;
  const name = useNameField(error);
  useUnsaved(name.isDirty && !pending && !isDone, 'page');
  return (
    <form
      noValidate
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (!pending && disabledReason === undefined) name.submit(props.onSubmit);
      }}
    >
      <TextInput label={props.label} {...name.props} />
      <ActionButton
        type="submit"
        variant="filled"
        pending={pending}
        disabledReason={disabledReason}
      >
        {props.submitLabel}
      </ActionButton>
      {name.otherError !== null && <ErrorNotice error={name.otherError} />}
    </form>
  );
}
