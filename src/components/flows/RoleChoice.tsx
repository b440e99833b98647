import { Checkbox, TextInput } from '@mantine/core';
import { objectName } from '#contract/fields.ts';
import type { Role } from '#contract/roles/roles.ts';

import { nameAdvice } from '../../util/name-advice.ts';
import { nextName } from '../../util/new-version.ts';
import { PlaceBadge } from '../PlaceBadge.tsx';

import classes from './flows.module.css';

const nameSchema = objectName(100);

interface RoleChoiceProps {
  /** The roles that use the old version. */
  roles: readonly Role[];
  /** The successors' names, by the id of the role. */
  names: ReadonlyMap<number, string>;
  /** Whether its successor was made already, and stays as it is. */
  isMade: (role: Role) => boolean;
  onChange: (names: ReadonlyMap<number, string>) => void;
}

/** Which roles get a successor with the new version, and what these are called. */
export function RoleChoice({ roles, names, isMade, onChange }: RoleChoiceProps) {
  const set = (role: Role, name: string | undefined) => {
    const next = new Map(names);
    if (name === undefined) next.delete(role.id);
    else next.set(role.id, name);
    onChange(next);
  };
  return (
    <fieldset className={classes['roles']}>
      <legend className={classes['label']}>Roles that get a successor</legend>
      {roles.filter(isMade).map((role) => (
        <p key={role.id} className="dim">
          {role.name} has its successor {names.get(role.id)} already.
        </p>
      ))}
      {roles
        .filter((role) => !isMade(role))
        .map((role) => (
          <RoleLine
            key={role.id}
            role={role}
            name={names.get(role.id)}
            onChange={(name) => set(role, name)}
          />
        ))}
    </fieldset>
  );
}

interface RoleLineProps {
  role: Role;
  name: string | undefined;
  onChange: (name: string | undefined) => void;
}

function RoleLine({ role, name, onChange }: RoleLineProps) {
  const isChosen = name !== undefined;
  return (
    <div className={classes['role']}>
      <Checkbox
        label={
          <>
            {role.name} <PlaceBadge place={role} />
          </>
        }
        checked={isChosen}
        onChange={(event) => onChange(event.target.checked ? nextName(role.name) : undefined)}
      />
      {isChosen && (
        <TextInput
          label={`Name of the role after ${role.name}`}
          description={nameAdvice(name, {
            os: { id: role.os.id, name: role.osName, family: null },
          })}
          value={name}
          error={nameSchema.safeParse(name).error?.issues[0]?.message}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </div>
  );
}
