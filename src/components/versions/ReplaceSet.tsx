import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';

import { imagesOfSetQuery } from '../../api/image-sets.ts';
import { usePlanReplacement } from '../../api/replacements.ts';
import { FormDialog } from '../dialogs/FormDialog.tsx';
import { PlanOptions } from '../flows/PlanOptions.tsx';
import { usePlanOptions } from '../flows/replace-options.ts';
import { ObjectSelect } from '../options/ObjectSelect.tsx';
import { successorOptions } from '../options/sources.ts';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { formatQuantity } from '../../util/format.ts';
import { paths } from '../../util/paths.ts';

import { nameOf } from './set-dialog.ts';
import type { SetDialogProps } from './set-dialog.ts';

/** The plan that the dialog is about to make. */
function useSetPlan({ at, object: set, images }: SetDialogProps) {
  const all = useQuery({
    ...imagesOfSetQuery(at, String(set.id)),
    enabled: images !== undefined,
  });
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(set.newer === null ? undefined : String(set.newer.id));
  const options = usePlanOptions(at.scope);
  const plan = usePlanReplacement(at);
  const sides = { oldImageSet: { id: set.id }, newImageSet: { id: Number(chosen) } };
  // What is not selected is left out by hand.
  const pairs =
    images &&
    all.data?.data
      .filter(({ id }) => !images.includes(id))
      .map(({ id }) => ({ oldImage: { id }, newImage: null }));
  const isKnown = chosen !== undefined && (images === undefined || pairs !== undefined);
  const change = isKnown
    ? plan.change({ body: { ...sides, ...(pairs && { pairs }), ...options.body } })
    : undefined;
  return {
    chosen,
    options,
    plan,
    change,
    choose: (id: string | undefined) => {
      plan.reset();
      setChosen(id);
    },
    submit: () => {
      if (change === undefined) return;
      // The plan takes the dialog's step in the history: Back leads to the version.
      plan.mutate(change, {
        onSuccess: ({ data }) => void navigate(paths.replacement(at, data.id), { replace: true }),
      });
    },
  };
}

/** Chooses what takes the place of a version in all its places, and plans it; the plan's page shows what it does. */
export function ReplaceSet(props: SetDialogProps) {
  const { at, object: set, images, onClose } = props;
  const { chosen, options, plan, change, choose, submit } = useSetPlan(props);
  return (
    <FormDialog
      title={`Replace ${nameOf(props)}`}
      submitLabel="Plan"
      changes={change && [change]}
      onSubmit={submit}
      onClose={onClose}
      error={plan.error}
      pending={plan.isPending}
      startsOnSubmit={set.newer !== null}
      unsaved={isUnsaved(options.options.reason !== '', plan)}
      disabledReason={
        chosen === undefined ? 'Choose the new version first.' : options.reasonProblem
      }
    >
      <p className="dim">
        {images === undefined && `In ${formatQuantity(set.places.length, 'place')}. `}Planning
        changes nothing: the plan shows what would change and who is concerned, can be sent to
        others, and is kept for a day.
      </p>
      <ObjectSelect
        label="New version"
        placeholder="Name of a version"
        noun="version"
        source={successorOptions(at, set)}
        exclude={String(set.id)}
        value={chosen}
        onChange={choose}
        required
      />
      <PlanOptions state={options} />
    </FormDialog>
  );
}
