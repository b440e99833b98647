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

/** Deprecates the images of a set: why, and which version to use instead. */
export function DeprecateSet(props: SetDialogProps) {
  const { at, object: set, images, onClose } = props;
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
  const { field, message } = deprecation.error === null ? {} : errorFacts(deprecation.error);
  const isOnSuccessor = field?.startsWith('replacement') === true;
  return (
    <SetActDialog
      {...{ at, choice, onClose }}
      title={`Deprecate ${nameOf(props)}?`}
      submitLabel={`Deprecate ${amountOf(plan)}`}
      done="deprecated"
      plan={plan}
      operation={deprecation}
      change={deprecation.change({
        params: { imageSetId: set.id },
        body: { ...body, ...reason.part },
        digest: plan.data?.digest,
        ifMatch: set.version,
      })}
      isDirty={reason.isDirty || successor !== undefined}
      isInvalid={reason.problem !== undefined}
      isErrorShown={field === 'reason' || isOnSuccessor}
    >
      <p>
        They can no longer be added to roles. What runs keeps running, and the roles that hold them
        keep them.
      </p>
      <CoveredNote plan={plan.data} own={plan.data?.results.map(({ image }) => image.id) ?? []} />
      <Textarea
        {...reason.props}
        description="Shown wherever the version is."
        data-autofocus
        minRows={2}
        maxRows={8}
        error={reason.problem ?? (field === 'reason' ? message : undefined)}
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
        error={isOnSuccessor ? message : undefined}
      />
    </SetActDialog>
  );
}
