import { Textarea } from '@mantine/core';
import { useState } from 'react';

import { setDeprecatePreviewQuery, useDeprecateSet } from '../../api/image-set-acts.ts';
import { useShownPlan } from '../../api/query.ts';
import { errorFacts } from '../../util/errors.ts';
import { useReason } from '../forms/use-reason.ts';
import { CoveredNote } from '../objects/CoveredNote.tsx';
import { ObjectSelect } from '../options/ObjectSelect.tsx';
import { imageSetOptions } from '../options/sources.ts';

import { nameOf } from './set-dialog.ts';
import type { SetDialogProps } from './set-dialog.ts';
import { SetActDialog } from './SetActDialog.tsx';
import { amountOf, useSetChoice } from './set-plan.ts';

/** The form, and what it sends. */
function useDeprecation({ at, object: set, images }: SetDialogProps) {
  const deprecation = useDeprecateSet(at);
  const choice = useSetChoice(images);
  const reason = useReason();
  const [successor, setSuccessor] = useState<string>();
  const body = {
    ...choice.selection,
    deprecate: true,
    ...(successor === undefined ? {} : { replacement: { id: Number(successor) } }),
  };
  const plan = useShownPlan(setDeprecatePreviewQuery(at, set.id, body), deprecation);
  const change = deprecation.change({
    params: { imageSetId: set.id },
    body: { ...body, ...reason.part },
    digest: plan.data?.digest,
    ifMatch: set.version,
  });
  const error = plan.error ?? deprecation.error;
  const { field = '', message } = error === null ? {} : errorFacts(error);
  return {
    act: { choice, plan, change, operation: deprecation },
    reason,
    reasonError: reason.problem ?? (field === 'reason' ? message : undefined),
    successor,
    setSuccessor,
    successorError: field.startsWith('replacement') ? message : undefined,
  };
}

/** Deprecates the images of a set: why, and which version to use instead. */
export function DeprecateSet(props: SetDialogProps) {
  const { at, object: set, onClose } = props;
  const { act, reason, reasonError, successor, setSuccessor, successorError } =
    useDeprecation(props);
  const { data } = act.plan;
  return (
    <SetActDialog
      {...{ at, onClose, ...act }}
      title={`Deprecate ${nameOf(props)}?`}
      submitLabel={`Deprecate ${amountOf(act.plan)}`}
      done="deprecated"
      isDirty={reason.isDirty || successor !== undefined}
      isInvalid={reason.problem !== undefined}
      isErrorShown={(reasonError ?? successorError) !== undefined}
    >
      <p>
        They can no longer be added to roles. What runs keeps running, and the roles that hold them
        keep them.
      </p>
      <CoveredNote plan={data} own={data?.results.map(({ image }) => image.id) ?? []} />
      <Textarea
        {...reason.props}
        description="Shown wherever the version is."
        data-autofocus
        minRows={2}
        maxRows={8}
        error={reasonError}
      />
      <ObjectSelect
        noun="version"
        label="Use instead (optional)"
        placeholder="Name of a version"
        description="Each image recommends the one of the same place and architecture."
        source={imageSetOptions(at, { os: set.os.id, deprecated: false })}
        exclude={String(set.id)}
        value={successor}
        onChange={setSuccessor}
        error={successorError}
      />
    </SetActDialog>
  );
}
