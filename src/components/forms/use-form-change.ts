import type { UseFormReturnType } from '@mantine/form';
import type { ChangeId } from '#contract/effects.ts';

import type { Answer } from '../../api/client.ts';
import type { Operation } from '../../api/query.ts';
import type { Change } from '../../api/request.ts';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { errorFacts } from '../../util/errors.ts';

type AnyForm = Pick<UseFormReturnType<object>, 'getInputNode'> & { values: object };

/** Leads to the first of these fields, whose error says what to change. */
export function focusFirst(form: AnyForm, wrong: readonly string[]): void {
  const field = Object.keys(form.values).find((name) => wrong.includes(name));
  if (field !== undefined) form.getInputNode(field)?.focus();
}

interface FormChange<Id extends ChangeId, Values extends object> {
  form: UseFormReturnType<Values>;
  operation: Operation<Id>;
  /** The change that a valid form stands for. */
  change: (values: Values) => Change<Id>;
  /** The field that shows an error of the server on a member of the body. */
  fieldOf: (member: string | undefined) => string | undefined;
  onDone: (answer: Answer<Id>, values: Values) => void;
}

/**
 * Sends a form. What the server says about one of its fields shows there; anything else is `error`, to
 * be shown above the buttons, and so is what lists other objects: a field's text cannot link to them.
 */
export function useFormChange<Id extends ChangeId, Values extends object>({
  form,
  operation,
  change,
  fieldOf,
  onDone,
}: FormChange<Id, Values>) {
  const facts = operation.error === null ? undefined : errorFacts(operation.error);
  const isShownOnField = fieldOf(facts?.field) !== undefined && facts?.blockers.length === 0;
  const submit = (values: Values) =>
    operation.mutate(change(values), {
      onSuccess: (answer) => onDone(answer, values),
      onError: (error) => {
        const { field, message, blockers } = errorFacts(error);
        const wrong = fieldOf(field);
        if (wrong === undefined) return;
        form.setFieldError(wrong, blockers.length === 0 ? message : true);
        focusFirst(form, [wrong]);
      },
    });
  return {
    submit,
    changes: form.isValid() ? [change(form.values)] : undefined,
    pending: operation.isPending,
    unsaved: isUnsaved(form.isDirty(), operation),
    error: isShownOnField ? null : operation.error,
  };
}
