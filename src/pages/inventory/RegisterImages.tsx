import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { architectures } from '#contract/images/architectures.ts';
import type { CloudImage } from '#contract/inventory/cloud-images.ts';

import { registrationOf } from '../../api/cloud-images.ts';
import { useEach } from '../../api/each.ts';
import type { Outcome } from '../../api/each.ts';
import { osListQuery } from '../../api/os.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { namedOptions } from '../../components/filters/choices.ts';
import { ChoiceField, NameField } from '../../components/forms/fields.tsx';
import { Notice } from '../../components/Notice.tsx';
import type {
  ObjectDialogProps,
  TogetherDialogProps,
} from '../../components/objects/object-actions.tsx';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { formatQuantity } from '../../util/format.ts';

import { whereOf } from './cloud-image-words.ts';

type Architecture = (typeof architectures)[number];

/** Registers one found image. */
export function RegisterImage({ at, object, onClose }: ObjectDialogProps<CloudImage>) {
  const [objects] = useState([object]);
  return <RegisterImages {...{ at, objects, onClose }} />;
}

/** What is asked for: what is on them, what they are called, and what the cloud does not say. */
function useAnswers() {
  const [osId, setOsId] = useState('');
  const [architecture, setArchitecture] = useState('');
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const nameOf = ({ proposed }: CloudImage) => names.get(proposed.name) ?? proposed.name;
  const rename = (from: string, to: string) => setNames((before) => new Map(before).set(from, to));
  return { osId, setOsId, architecture, setArchitecture, nameOf, rename, isTouched: osId !== '' };
}

/**
 * Registers found images, one after the other. Images that have the same name in several places get one name, so that
 * they make a version. What was refused stays, and can be tried again.
 */
export function RegisterImages({ at, objects, onClose }: TogetherDialogProps<CloudImage>) {
  const answers = useAnswers();
  const { osId, architecture, nameOf } = answers;
  const { plan } = useEach();
  const { data: os } = useQuery(osListQuery(at));
  const changeOf = (image: CloudImage) =>
    registrationOf(at, image, {
      name: nameOf(image),
      os: { id: osId },
      architecture: image.proposed.architecture ?? (architecture as Architecture),
    });
  const { outcomes, isRunning } = plan([]);
  const left = objects.filter(({ id }) => outcomes.get(id)?.state !== 'done');
  const { changes, run } = plan(left.map((image) => ({ key: image.id, change: changeOf(image) })));
  const isUnsaid = objects.some(({ proposed }) => proposed.architecture === null);
  const reason = reasonAgainst(osId, isUnsaid && architecture === '');
  const submit = async () => {
    if (!(await run())) return;
    announce(`${formatQuantity(left.length, 'image')} registered.`);
    onClose();
  };
  return (
    <FormDialog
      title={`Register ${formatQuantity(objects.length, 'image')}`}
      submitLabel={`Register ${formatQuantity(left.length, 'image')}`}
      changes={reason === undefined ? changes : undefined}
      onSubmit={() => void submit()}
      onClose={onClose}
      error={null}
      pending={isRunning}
      unsaved={answers.isTouched && !isRunning && left.length > 0 && outcomes.size === 0}
      disabledReason={reason}
    >
      <ChoiceField
        label="Operating system"
        description="Of all of them."
        options={namedOptions(os?.data)}
        value={osId}
        onChange={(event) => answers.setOsId(event.currentTarget.value)}
      />
      {isUnsaid && <ArchitectureField {...answers} />}
      <Names images={objects} {...answers} />
      <Refused images={left} outcomes={outcomes} />
    </FormDialog>
  );
}

type ArchitectureProps = Pick<ReturnType<typeof useAnswers>, 'architecture' | 'setArchitecture'>;

function ArchitectureField({ architecture, setArchitecture }: ArchitectureProps) {
  return (
    <NativeSelect
      label="Architecture"
      description="Of those of which the cloud does not say it."
      data={[{ value: '', label: 'Choose one' }, ...architectures]}
      value={architecture}
      onChange={(event) => setArchitecture(event.currentTarget.value)}
    />
  );
}

function reasonAgainst(osId: string, lacksArchitecture: boolean): string | undefined {
  if (osId === '') return 'Choose the operating system that is on them first.';
  return lacksArchitecture ? 'Choose the architecture first.' : undefined;
}

interface NamesProps extends Pick<ReturnType<typeof useAnswers>, 'nameOf' | 'rename'> {
  images: readonly CloudImage[];
}

/** A name for each that is proposed, whatever the number of places. */
function Names({ images, nameOf, rename }: NamesProps) {
  const sets = Map.groupBy(images, ({ proposed }) => proposed.name);
  return [...sets].map(([proposed, members]) => (
    <NameField
      key={proposed}
      label={`Name of ${proposed}`}
      description={members.map(whereOf).join('; ')}
      required
      value={nameOf(members[0] as CloudImage)}
      onChange={(event) => rename(proposed, event.currentTarget.value)}
    />
  ));
}

/** Those that were refused, and why. */
function Refused({
  images,
  outcomes,
}: {
  images: readonly CloudImage[];
  outcomes: ReadonlyMap<string, Outcome>;
}) {
  const refused = images.flatMap((image) => {
    const outcome = outcomes.get(image.id);
    return outcome?.state === 'failed' ? [{ image, error: outcome.error }] : [];
  });
  if (refused.length === 0) return null;
  return (
    <Notice tone="danger" urgent>
      <ul>
        {refused.map(({ image, error }) => (
          <li key={image.id}>
            {whereOf(image)}: {errorFacts(error).message}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
