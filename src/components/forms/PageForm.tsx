import type { UseFormReturnType } from '@mantine/form';
import type { ReactNode } from 'react';

import { useUnsaved } from '../../hooks/use-unsaved.ts';
import type { PathScope } from '../../util/paths.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { AsCommand } from '../as-command/AsCommand.tsx';
import type { Changes } from '../as-command/AsCommand.tsx';
import { blockerLink } from '../blocker-link.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';

import classes from './forms.module.css';
import { focusFirst } from './use-form-change.ts';

interface PageFormProps<Values extends object> {
  at: PathScope;
  label: string;
  form: UseFormReturnType<Values>;
  /** What useFormChange gives. */
  sending: {
    submit: (values: Values) => void;
    changes: Changes;
    pending: boolean;
    unsaved: boolean;
    error: Error | null;
  };
  submitLabel: string;
  /** Why it cannot be sent now. */
  disabledReason?: string | undefined;
  cancelTo: string;
  /** The fields. */
  children: ReactNode;
}

/** A form that is a page of its own; its first wrong field takes the focus. */
export function PageForm<Values extends object>(props: PageFormProps<Values>) {
  const { at, form, sending } = props;
  useUnsaved(sending.unsaved, 'page');
  return (
    <form
      noValidate
      className={classes['form']}
      onSubmit={form.onSubmit(sending.submit, (errors) => focusFirst(form, Object.keys(errors)))}
      aria-label={props.label}
    >
      {props.children}
      {sending.error !== null && (
        <ErrorNotice error={sending.error} renderBlocker={blockerLink(at)} />
      )}
      <AsCommand changes={sending.changes} />
      <div className={classes['actions']}>
        <ActionButton to={props.cancelTo}>Cancel</ActionButton>
        <ActionButton
          type="submit"
          variant="filled"
          pending={sending.pending}
          disabledReason={props.disabledReason}
        >
          {props.submitLabel}
        </ActionButton>
      </div>
    </form>
  );
}
