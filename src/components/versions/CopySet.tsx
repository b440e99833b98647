import { MultiSelect } from '@mantine/core';
import { useState } from 'react';
import { ec2Regions } from '#contract/images/platforms.ts';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';

import { setCopyPreviewQuery, useCopySet } from '../../api/image-set-acts.ts';
import { useShownPlan } from '../../api/query.ts';

import { nameOf } from './set-dialog.ts';
import type { SetDialogProps } from './set-dialog.ts';
import { SetActDialog } from './SetActDialog.tsx';
import { countResults, reasonAgainstAct, useSetChoice } from './set-plan.ts';
import type { ShownSetPlan } from './set-plan.ts';

/** The regions of EC2 where the set has no image at all. */
function missingRegions({ places }: ImageSet): string[] {
  const there = new Set(
    places.flatMap((place) => (place.cloudPlatform === 'ec2' ? place.cloudLocation : [])),
  );
  return ec2Regions.filter((region) => !there.has(region));
}

/** `Make 3 copies`. */
function labelOf({ data }: ShownSetPlan): string {
  if (data === undefined) return 'Make copies';
  const { done } = countResults(data.results);
  return `Make ${done} ${done === 1 ? 'copy' : 'copies'}`;
}

/** Why no copies can be made: where nothing is missing there is nothing to refuse either. */
function reasonAgainstCopies(plan: ShownSetPlan): string | undefined {
  const { data, problem } = plan;
  const isNothing = problem === undefined && data?.allowed === true && data.results.length === 0;
  if (!isNothing) return reasonAgainstAct(plan);
  return 'It is wherever its line is. Choose the regions that it should be in as well.';
}

/** Copies the images of a set to where it has none. */
export function CopySet(props: SetDialogProps) {
  const { at, object: set, images, onClose } = props;
  const copying = useCopySet(at);
  const choice = useSetChoice(images);
  const [regions, setRegions] = useState<string[]>([]);
  const places = regions.map((cloudLocation) => ({ cloudPlatform: 'ec2' as const, cloudLocation }));
  const body = { ...choice.selection, ...(places.length === 0 ? {} : { places }) };
  const plan = useShownPlan(setCopyPreviewQuery(at, set.id, body), copying);
  const isNothing = plan.problem === undefined && plan.data?.results.length === 0;
  return (
    <SetActDialog
      {...{ at, choice, onClose, plan }}
      title={`Copy ${nameOf(props)} to missing places`}
      submitLabel={labelOf(plan)}
      done="copied"
      operation={copying}
      change={copying.change({
        params: { imageSetId: set.id },
        body,
        digest: plan.data?.digest,
        ifMatch: set.version,
      })}
      isDirty={regions.length > 0}
      disabledReason={reasonAgainstCopies(plan)}
    >
      <p>
        The cloud makes each copy, which takes a while. Copies are new images of this version; no
        role gets them automatically.
      </p>
      <RegionsField {...{ set, regions }} onChange={setRegions} />
      {isNothing && regions.length === 0 && <p className="dim">It is wherever its line is.</p>}
    </SetActDialog>
  );
}

interface RegionsFieldProps {
  set: ImageSet;
  regions: string[];
  onChange: (regions: string[]) => void;
}

function RegionsField({ set, regions, onChange }: RegionsFieldProps) {
  return (
    <MultiSelect
      label="Regions"
      description="Leave it empty for those where other versions of its line are."
      placeholder={regions.length === 0 ? 'Where its line is' : ''}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Choose none' }}
      withScrollArea={false}
      styles={{ dropdown: { maxHeight: '17.5rem', overflowY: 'auto' } }}
      nothingFoundMessage="No region fits"
      data={missingRegions(set)}
      value={regions}
      onChange={onChange}
    />
  );
}
