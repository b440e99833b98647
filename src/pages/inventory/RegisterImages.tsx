import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { architectures } from '#contract/images/architectures.ts';
import type { CloudImage, CloudImageRegistration } from '#contract/inventory/cloud-images.ts';

import { registrableQuery, useRegisterCloudImages } from '../../api/cloud-images.ts';
import type { RegistrationFilters } from '../../api/cloud-images.ts';
import { osListQuery } from '../../api/os.ts';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { namedOptions } from '../../components/filters/choices.ts';
import { ChoiceField, NameField } from '../../components/forms/fields.tsx';
import { Notice } from '../../components/Notice.tsx';
import type {
  ObjectDialogProps,
  TogetherDialogProps,
} from '../../components/objects/object-actions.tsx';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { announce } from '../../util/announce.ts';
import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';

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
  const namesOf = (images: readonly CloudImage[]) =>
    [...new Map(images.map((image) => [image.proposed.name, nameOf(image)]))].map(
      ([proposed, name]) => ({ proposed, name }),
    );
  const isTouched = osId !== '' || names.size > 0;
  return { osId, setOsId, architecture, setArchitecture, nameOf, namesOf, rename, isTouched };
}

interface RegisterImagesProps extends Pick<TogetherDialogProps<CloudImage>, 'at' | 'onClose'> {
  objects: readonly CloudImage[];
  /** Where these are the first of more: what finds them all, and how many there are. */
  all?: { filters: RegistrationFilters; total: number };
}

/** What is asked for, what would be sent, and what came of it. */
function useRegistration({ at, objects, all, onClose }: RegisterImagesProps) {
  const operation = useRegisterCloudImages(at);
  const answers = useAnswers();
  const { osId, architecture } = answers;
  const [results, setResults] = useState<readonly CloudImageRegistration[]>([]);
  const refused = results.filter(({ image }) => image === null);
  const done = new Set(results.flatMap(({ image, cloudImage }) => (image ? [cloudImage.id] : [])));
  const left = objects.filter(({ id }) => !done.has(id));
  const isAll = all !== undefined && results.length === 0;
  const count = isAll ? all.total : left.length;
  const isUnsaid = isAll || objects.some(({ proposed }) => proposed.architecture === null);
  const reason = reasonAgainst(osId, !isAll && isUnsaid && architecture === '');
  const change = operation.change({
    body: {
      ...(isAll ? { filters: all.filters } : { cloudImages: left.map(({ id }) => id) }),
      os: { id: osId },
      ...(architecture !== '' && { architecture: architecture as Architecture }),
      names: answers.namesOf(left),
    },
  });
  const submit = () =>
    operation.mutate(change, {
      onSuccess: ({ data }) => {
        setResults((before) => [...before.filter(({ image }) => image !== null), ...data]);
        if (data.some(({ image }) => image === null)) return;
        announce(`${formatQuantity(data.length, 'image')} registered.`);
        onClose();
      },
    });
  return { answers, operation, change, submit, reason, refused, results, isAll, isUnsaid, count };
}

/**
 * Registers found images, all in one call. Images that have the same name in several places get one name, so that
 * they make a version. What was refused is named, and can be tried again.
 */
export function RegisterImages(props: RegisterImagesProps) {
  const { at, objects, all, onClose } = props;
  const registration = useRegistration(props);
  const { answers, operation, change, submit, reason, results, isAll } = registration;
  const { data: os } = useQuery(osListQuery(at));
  const total = isAll && all !== undefined ? all.total : objects.length;
  return (
    <FormDialog
      title={`Register ${formatQuantity(total, 'image')}`}
      submitLabel={`Register ${formatQuantity(registration.count, 'image')}`}
      changes={reason === undefined ? [change] : undefined}
      onSubmit={submit}
      onClose={onClose}
      error={operation.error}
      pending={operation.isPending}
      unsaved={isUnsaved(answers.isTouched && results.length === 0, operation)}
      disabledReason={reason}
    >
      <ChoiceField
        label="Operating system"
        description="Of all of them."
        options={namedOptions(os?.data)}
        value={answers.osId}
        onChange={(event) => answers.setOsId(event.currentTarget.value)}
      />
      {registration.isUnsaid && <ArchitectureField {...answers} />}
      <Names images={objects} {...answers} />
      {total > objects.length && (
        <p className="dim">
          And {formatQuantity(total - objects.length, 'more image')}, under the names that they have
          in their clouds.
        </p>
      )}
      <Refused results={registration.refused} />
    </FormDialog>
  );
}

/** How many images are shown by name before all that match are registered. */
const shownByName = 100;

/** Registers all found images that the filters of the list find. */
export function RegisterMatching({
  at,
  filters,
  onClose,
}: {
  at: PathScope;
  filters: RegistrationFilters;
  onClose: () => void;
}) {
  const { data } = useQuery(registrableQuery(at, filters, shownByName));
  if (data === undefined) return null;
  const total = data.pagination?.total ?? data.data.length;
  return (
    <RegisterImages
      at={at}
      objects={data.data}
      all={{ filters: { ...filters, registered: false }, total }}
      onClose={onClose}
    />
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
function Refused({ results }: { results: readonly CloudImageRegistration[] }) {
  if (results.length === 0) return null;
  return (
    <Notice tone="danger" urgent>
      <ul>
        {results.map(({ cloudImage, reason }) => (
          <li key={cloudImage.id}>
            {whereOf(cloudImage)}: {reason}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
