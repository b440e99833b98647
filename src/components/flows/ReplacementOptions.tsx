import { Checkbox, Textarea } from '@mantine/core';
import type { Image } from '#contract/images/images.ts';

import { formatQuantity } from '../../util/format.ts';

import { DeprecateOldImage } from './DeprecateOldImage.tsx';
import classes from './flows.module.css';
import { ReachChoice } from './ReachChoice.tsx';
import { offersOf, otherRegistrationWords } from './replace-words.ts';
import type { ReplacementState } from './use-replacement.ts';

interface OptionsProps {
  image: Image;
  state: ReplacementState;
}

/** How far a replacement reaches, what becomes of the old image, and the ways around obstacles. */
export function ReplacementOptions({ image, state }: OptionsProps) {
  const { options, reaches, change } = state;
  return (
    <div className={classes['options']}>
      <ReachChoice
        reaches={reaches}
        value={options.reach}
        onChange={(reach) => change({ reach })}
      />
      <DeprecateOption image={image} state={state} />
      <WaysAround state={state} />
      <Textarea
        label="Reason (optional)"
        description="Kept with the replacement, and shown on the old image if that is deprecated."
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

function DeprecateOption({ image, state }: OptionsProps) {
  if (image.deprecated) {
    return <p className="dim">The old image is deprecated already and stays so.</p>;
  }
  return (
    <DeprecateOldImage
      reasonAgainst={state.deprecationReason}
      isChosen={state.options.deprecate}
      onChange={(deprecate) => state.change({ deprecate })}
    />
  );
}

/** Only where the preview says that they would change something. */
function WaysAround({ state }: Pick<OptionsProps, 'state'>) {
  const { options, preview, change } = state;
  const offers = preview === undefined ? undefined : offersOf(preview);
  const skipped = preview?.counts.skip ?? 0;
  const others = preview?.otherRegistrations;
  return (
    <>
      {(options.otherRegistrations || (others?.roles ?? 0) > 0) && (
        <Checkbox
          label="Take along roles that hold another registration of the old image"
          description={others === undefined ? undefined : otherRegistrationWords(others)}
          checked={options.otherRegistrations}
          onChange={(event) => change({ otherRegistrations: event.target.checked })}
        />
      )}
      {(offers?.architecture === true || options.allowArchitectureChange) && (
        <Checkbox
          label="Allow the change of architecture"
          description="Farms must use instance types that run the new one, or their next servers will not start."
          checked={options.allowArchitectureChange}
          onChange={(event) => change({ allowArchitectureChange: event.target.checked })}
        />
      )}
      {(offers?.skip === true || options.skip) && (
        <Checkbox
          label={
            options.skip && skipped === 0
              ? 'Leave roles that cannot take it as they are'
              : `Leave ${formatQuantity(skipped, 'role')} that cannot take it as ${skipped === 1 ? 'it is' : 'they are'}`
          }
          checked={options.skip}
          onChange={(event) => change({ skip: event.target.checked })}
        />
      )}
    </>
  );
}
