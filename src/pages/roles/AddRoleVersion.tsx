import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Image } from '#contract/images/images.ts';
import type { Role } from '#contract/roles/roles.ts';

import { useEach } from '../../api/each.ts';
import type { Outcome } from '../../api/each.ts';
import { imagesOfSetQuery, imageSetQuery } from '../../api/image-sets.ts';
import { useAddRoleImage } from '../../api/role-images.ts';
import { CloudLocation } from '../../components/CloudLocation.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { imageSetOptions } from '../../components/options/sources.ts';
import { announce } from '../../util/announce.ts';
import { errorFacts } from '../../util/errors.ts';
import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import type { GapDialogProps } from './role-image-actions.ts';
import classes from './AddRoleVersion.module.css';
import { takeVersion } from './role-version.ts';

/** The chosen version, its architecture, and what the role takes of it. */
function useVersion(at: PathScope, role: Role, chosen: string | undefined) {
  const enabled = chosen !== undefined;
  const set = useQuery({ ...imageSetQuery(at, chosen ?? ''), enabled });
  const images = useQuery({ ...imagesOfSetQuery(at, chosen ?? ''), enabled });
  const [wanted, setWanted] = useState('');
  const architectures = enabled ? (set.data?.architectures ?? []) : [];
  const architecture =
    architectures.find((one) => one === wanted) ??
    architectures.find((one) => one === 'x86_64') ??
    architectures[0];
  return {
    name: enabled ? set.data?.name : undefined,
    error: set.error ?? images.error,
    architectures,
    architecture,
    setArchitecture: setWanted,
    taken: takeVersion(enabled ? (images.data?.data ?? []) : [], role.images ?? [], architecture),
  };
}

/** The change for each place, one after the other; `send` closes once all are made. */
function useAdditions({ at, role, onClose }: GapDialogProps, images: readonly Image[]) {
  const { change } = useAddRoleImage(at);
  const { plan } = useEach();
  const { run, ...planned } = plan(
    images.map(({ id }) => ({
      key: id,
      change: change({ params: { roleId: role.id }, body: { image: { id } } }),
    })),
  );
  const [isSent, setIsSent] = useState(false);
  const amount = formatQuantity(images.length, 'image');
  const send = async (name: string | undefined) => {
    if (images.length === 0) return;
    setIsSent(true);
    if (!(await run())) {
      setIsSent(false);
      return;
    }
    announce(`${role.name} has ${amount} of ${name} now.`);
    onClose();
  };
  return { ...planned, send, isSent, label: images.length === 0 ? 'Add images' : `Add ${amount}` };
}

/** Gives a role the images of a version, in all places where it has none. */
export function AddRoleVersion(props: GapDialogProps) {
  const { at, role, on, onClose } = props;
  const [chosen, setChosen] = useState(on);
  const [isAsked, setIsAsked] = useState(false);
  const { name, error, taken, ...architecture } = useVersion(at, role, chosen);
  const additions = useAdditions(props, taken.add);
  return (
    <FormDialog
      title={`Add a version to ${role.name}`}
      submitLabel={additions.label}
      changes={taken.add.length === 0 ? undefined : additions.changes}
      onSubmit={() => {
        setIsAsked(true);
        void additions.send(name);
      }}
      onClose={onClose}
      error={error}
      unsaved={chosen !== on && !additions.isSent}
      pending={additions.isRunning}
      disabledReason={reasonAgainst(role.actions?.addImage)}
    >
      <ObjectSelect
        noun="version"
        placeholder="Name of a version"
        label="Version"
        description={`Versions with ${role.osName}, newest first.`}
        source={imageSetOptions(at, { os: role.os.id })}
        value={chosen}
        onChange={setChosen}
        error={errorOf(isAsked, chosen, taken.add.length)}
      />
      <ArchitectureField {...architecture} />
      {name !== undefined && <Places {...taken} outcomes={additions.outcomes} />}
    </FormDialog>
  );
}

type Architecture = Pick<
  ReturnType<typeof useVersion>,
  'architectures' | 'architecture' | 'setArchitecture'
>;

function ArchitectureField({ architectures, architecture, setArchitecture }: Architecture) {
  if (architectures.length < 2) return null;
  return (
    <NativeSelect
      label="Architecture"
      description="A role has one image in each place."
      data={architectures}
      value={architecture ?? ''}
      onChange={(event) => setArchitecture(event.currentTarget.value)}
    />
  );
}

function errorOf(isAsked: boolean, chosen: string | undefined, count: number) {
  if (!isAsked) return undefined;
  if (chosen === undefined) return 'Choose a version';
  return count === 0 ? 'It has no image for a place where the role has none' : undefined;
}

interface PlacesProps extends ReturnType<typeof takeVersion> {
  outcomes: ReadonlyMap<string, Outcome>;
}

/** What becomes of each place of the version. */
function Places({ add, held, unusable, outcomes }: PlacesProps) {
  const words = (image: Image) => {
    const outcome = outcomes.get(image.id);
    if (outcome?.state === 'failed') return `refused: ${errorFacts(outcome.error).message}`;
    return outcome?.state === 'running' ? 'being added' : 'is added';
  };
  return (
    <ul className={classes['places']} aria-label="Places of the version">
      {add.map((image) => (
        <Place key={image.id} image={image} words={words(image)} />
      ))}
      {held.map((image) => (
        <Place key={image.id} image={image} words="the role has an image there and keeps it" />
      ))}
      {unusable.map((image) => (
        <Place
          key={image.id}
          image={image}
          words={image.deprecated ? 'is deprecated and stays out' : 'cannot be used and stays out'}
        />
      ))}
    </ul>
  );
}

function Place({ image, words }: { image: Image; words: string }) {
  return (
    <li>
      <CloudLocation platform={image.cloudPlatform} location={image.cloudLocation} />
      <span className="dim small">{words}</span>
    </li>
  );
}
