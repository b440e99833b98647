import { Checkbox, Textarea } from '@mantine/core';

import { DeprecateOldImage } from './DeprecateOldImage.tsx';
import classes from './flows.module.css';
import { ReachChoice } from './ReachChoice.tsx';
import type { PlanOptionsState } from './replace-options.ts';

/** How a plan replaces: how far, what becomes of the old images, and what to do with what stands in the way. */
export function PlanOptions({ state }: { state: PlanOptionsState }) {
  const { options, reaches, change } = state;
  return (
    <div className={classes['options']}>
      <ReachChoice
        reaches={reaches}
        value={options.reach}
        onChange={(reach) => change({ reach })}
      />
      <DeprecateOldImage
        reasonAgainst={undefined}
        isChosen={options.deprecate}
        onChange={(deprecate) => change({ deprecate })}
        many
      />
      <Checkbox
        label="Leave what cannot be replaced as it is"
        description="Without this, nothing changes while something in reach cannot take its new image."
        checked={options.skip}
        onChange={(event) => change({ skip: event.target.checked })}
      />
      <Checkbox
        label="Take along roles that hold another registration of an old image"
        description="The same cloud image, registered at another scope."
        checked={options.otherRegistrations}
        onChange={(event) => change({ otherRegistrations: event.target.checked })}
      />
      <Textarea
        label="Reason (optional)"
        description="Kept with the replacement, and shown on old images that are deprecated."
        autosize
        minRows={1}
        maxRows={6}
        value={options.reason}
        error={state.reasonProblem}
        onChange={(event) => change({ reason: event.target.value })}
      />
    </div>
  );
}
