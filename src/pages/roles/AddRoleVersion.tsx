import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { imageSetQuery } from '../../api/image-sets.ts';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { imageSetOptions } from '../../components/options/sources.ts';
import { ArchitectureField } from '../../components/versions/ArchitectureField.tsx';
import { ReplaceField } from '../../components/versions/ReplaceField.tsx';
import { amountOf, useSetChoice } from '../../components/versions/set-plan.ts';
import { SetActDialog } from '../../components/versions/SetActDialog.tsx';
import { useRoleEntry } from '../../components/versions/use-role-entry.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import type { GapDialogProps } from './role-image-actions.ts';
import { versionOf } from './versions.ts';

/** Gives a role the images of a version in all places where it has none, in one call: all of them or none. */
export function AddRoleVersion({ at, role, on, onClose }: GapDialogProps) {
  const asked = versionOf(on);
  const [chosen, setChosen] = useState(asked?.setId);
  const set = useQuery({ ...imageSetQuery(at, chosen ?? ''), enabled: chosen !== undefined }).data;
  const choice = useSetChoice(chosen === asked?.setId ? asked?.images : undefined);
  const entry = useRoleEntry({
    at,
    set: chosen === undefined ? undefined : set,
    roleId: role.id,
    selection: choice.selection,
    // Nothing that it has decides.
    fallback: (role.images ?? []).length === 0 ? 'x86_64' : undefined,
  });
  const isChosen = entry.change !== undefined;
  return (
    <SetActDialog
      {...{ at, choice, onClose }}
      title={`Add a version to ${role.name}`}
      submitLabel={isChosen ? `Add ${amountOf(entry.plan)}` : 'Add images'}
      done={`added to ${role.name}`}
      plan={entry.plan}
      operation={entry.addition}
      change={entry.change}
      isDirty={chosen !== asked?.setId}
      disabledReason={
        reasonAgainst(role.actions?.addImage) ??
        (chosen === undefined ? 'Choose a version first.' : undefined)
      }
    >
      <ObjectSelect
        noun="version"
        placeholder="Name of a version"
        label="Version"
        description={`Versions with ${role.osName}, newest first.`}
        source={imageSetOptions(at, { os: role.os.id })}
        value={chosen}
        onChange={setChosen}
      />
      <ArchitectureField {...entry} architectures={set?.architectures ?? []} />
      {isChosen && <ReplaceField isChosen={entry.replaces} onChange={entry.setReplaces} />}
    </SetActDialog>
  );
}
