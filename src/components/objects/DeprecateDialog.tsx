import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Plan } from '#contract/plans.ts';

import type { Answer } from '../../api/client.ts';
import type { Operation } from '../../api/query.ts';
import type { Change } from '../../api/request.ts';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { FormDialog } from '../dialogs/FormDialog.tsx';
import { useReason } from '../forms/use-reason.ts';

import { CoveredNote } from './CoveredNote.tsx';

type Deprecation = 'imageDeprecate' | 'roleDeprecate';

interface DeprecateDialogProps<Id extends Deprecation, Ref> {
  noun: 'image' | 'role';
  name: string;
  /** What it means for those who use it. */
  meaning: string;
  deprecation: Operation<Id>;
  /** What it would concern, as the server says. */
  plan: { data: Plan | undefined; problem: string | undefined };
  change: (body: { deprecate: true; reason?: string; replacement?: { id: Ref } }) => Change<Id>;
  /** What has happened. */
  doneWords: (answer: Answer<Id>) => string;
  /** The field that chooses what to use instead. */
  renderSuccessor: (field: {
    label: string;
    value: Ref | undefined;
    onChange: (id: Ref | undefined) => void;
    error: string | undefined;
  }) => ReactNode;
  onClose: () => void;
}

/** Deprecates an image or a role: why, and what to use instead. */
export function DeprecateDialog<Id extends Deprecation, Ref>(props: DeprecateDialogProps<Id, Ref>) {
  const { noun, name, deprecation, onClose } = props;
  const reason = useReason();
  const [successor, setSuccessor] = useState<Ref>();
  const { field, message } = deprecation.error === null ? {} : errorFacts(deprecation.error);
  const isOnSuccessor = field?.startsWith('replacement') === true;
  const change = props.change({
    deprecate: true,
    ...reason.part,
    ...(successor === undefined ? {} : { replacement: { id: successor } }),
  });
  const submit = () =>
    reason.problem === undefined &&
    deprecation.mutate(change, {
      onSuccess: (answer) => {
        announce(props.doneWords(answer));
        onClose();
      },
    });
  return (
    <FormDialog
      title={`Deprecate ${name}?`}
      submitLabel={`Deprecate ${noun}`}
      changes={reason.problem === undefined ? [change] : undefined}
      onSubmit={submit}
      onClose={onClose}
      error={field === 'reason' || isOnSuccessor ? null : deprecation.error}
      pending={deprecation.isPending}
      unsaved={isUnsaved(reason.isDirty || successor !== undefined, deprecation)}
      disabledReason={props.plan.problem}
    >
      <p>{props.meaning}</p>
      <CoveredNote plan={props.plan.data} />
      <Textarea
        {...reason.props}
        description={`Shown wherever the ${noun} is.`}
        data-autofocus
        minRows={2}
        maxRows={8}
        error={reason.problem ?? (field === 'reason' ? message : undefined)}
      />
      {props.renderSuccessor({
        label: 'Use instead (optional)',
        value: successor,
        onChange: setSuccessor,
        error: isOnSuccessor ? message : undefined,
      })}
    </FormDialog>
  );
}
