import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ImageSetAct } from '#contract/image-sets/image-set-acts.ts';

import type { AnyChange } from '../../api/request.ts';
import type { PathScope } from '../../util/paths.ts';
import { announce } from '../../util/announce.ts';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { blockerLink } from '../blocker-link.tsx';
import { ConfirmDialog } from '../dialogs/ConfirmDialog.tsx';
import { FormDialog } from '../dialogs/FormDialog.tsx';

import { countResults, reasonAgainstAct } from './set-plan.ts';
import type { SetChoice, ShownSetPlan } from './set-plan.ts';
import { doneWords, SetAnswer } from './SetAnswer.tsx';
import { SetPlan } from './SetPlan.tsx';

/** What useOperation gives for an act on a set. */
export interface SetOperation<Sent extends AnyChange> {
  error: Error | null;
  isPending: boolean;
  isSuccess: boolean;
  mutate: (sent: Sent, options: { onSuccess: (answer: { data: ImageSetAct }) => void }) => void;
}

interface SetActDialogProps<Sent extends AnyChange> {
  at: PathScope;
  title: string;
  /** Names the effect and the amount. */
  submitLabel: string;
  /** What becomes of an image: `deprecated`, `added to web`. */
  done: string;
  plan: ShownSetPlan;
  choice: SetChoice;
  operation: SetOperation<Sent>;
  /** Undefined while the form is not complete. */
  change: Sent | undefined;
  /** Asks a question instead of taking a form; red, with `danger`. */
  kind?: 'form' | 'question' | 'danger';
  /** Whether something was typed or chosen that would be lost. */
  isDirty?: boolean;
  /** What is wrong with the form, said on a field. */
  isInvalid?: boolean;
  /** Leaves the error to the field that shows it. */
  isErrorShown?: boolean;
  /** Why the server refuses it stands among the children. */
  isReasonShown?: boolean;
  /** Why it cannot be done, where the plan does not say that best. */
  disabledReason?: string | undefined;
  /** What it means, and the fields. */
  children: ReactNode;
  /** What follows once it is done; the dialog just closes without. */
  onDone?: ((answer: ImageSetAct) => void) | undefined;
  onClose: () => void;
}

/** Sends the change; what it answered is kept where it has to be looked at before the dialog closes. */
function useSending<Sent extends AnyChange>(props: SetActDialogProps<Sent>) {
  const { choice, operation, change, done, onClose, onDone = onClose } = props;
  const [answer, setAnswer] = useState<ImageSetAct>();
  const finish = (data: ImageSetAct) => onDone(data);
  const send = () => {
    if (change === undefined || props.isInvalid === true) return;
    operation.mutate(change, {
      onSuccess: ({ data }) => {
        // What was left out unasked was told before.
        if (choice.skips && countResults(data.results).skipped > 0) setAnswer(data);
        else {
          announce(doneWords(data, done));
          finish(data);
        }
      },
    });
  };
  return { answer, finish, send };
}

/**
 * Does something with the images of a set: shows what becomes of each, does it in one call, and says of each
 * what became of it where some were left out.
 */
export function SetActDialog<Sent extends AnyChange>(props: SetActDialogProps<Sent>) {
  const { at, plan, choice, operation, change, done, onClose, kind = 'form' } = props;
  const { answer, finish, send } = useSending(props);
  if (answer !== undefined)
    return <SetAnswer {...{ at, answer, done }} onClose={() => finish(answer)} />;
  const shared = {
    title: props.title,
    onClose,
    error: props.isErrorShown === true ? null : operation.error,
    pending: operation.isPending,
    disabledReason:
      props.disabledReason ?? (change === undefined ? undefined : reasonAgainstAct(plan)),
    renderBlocker: blockerLink(at),
    size: 'md' as const,
  };
  const content = (
    <>
      {props.children}
      {change !== undefined && (
        <SetPlan {...{ at, plan, choice, done }} isReasonShown={props.isReasonShown ?? false} />
      )}
    </>
  );
  if (kind === 'form')
    return (
      <FormDialog
        {...shared}
        changes={change && [change]}
        submitLabel={props.submitLabel}
        onSubmit={send}
        unsaved={isUnsaved(props.isDirty === true, operation)}
      >
        {content}
      </FormDialog>
    );
  return (
    <ConfirmDialog
      {...shared}
      changes={change && [change]}
      confirmLabel={props.submitLabel}
      danger={kind === 'danger'}
      onConfirm={send}
    >
      {content}
    </ConfirmDialog>
  );
}
