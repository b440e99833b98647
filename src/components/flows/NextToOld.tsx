import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { objectName } from '#contract/fields.ts';
import type { Image } from '#contract/images/images.ts';
import type { Role } from '#contract/roles/roles.ts';

import { newVersionChanges, useNewVersion } from '../../api/new-version.ts';
import { roleListQuery } from '../../api/roles.ts';
import { formatQuantity } from '../../util/format.ts';
import { nextName, planNewVersion } from '../../util/new-version.ts';
import type { NewVersionStep, Succession } from '../../util/new-version.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import { DialogActions, DialogBody } from '../dialogs/Dialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { Notice } from '../Notice.tsx';

import classes from './flows.module.css';
import { StepList } from './StepList.tsx';
import { RoleChoice } from './RoleChoice.tsx';
import { Outcome } from './ReplaceResult.tsx';

const shown = 100;
const nameSchema = objectName(100);

interface NextToOldProps {
  at: PathScope;
  /** The old version. */
  image: Image;
  newImage: Image;
  onBack: () => void;
  onClose: () => void;
}

/** Offers a new version next to the old one: which roles get a successor, and what is deprecated. */
export function NextToOld(props: NextToOldProps) {
  const { at, image, newImage, onClose } = props;
  const work = useNewVersion(at);
  const [choice, setChoice] = useState<Choice>({ deprecateRoles: true, deprecateImage: false });
  const [steps, setSteps] = useState<readonly NewVersionStep[]>();
  const carryOut = (next: readonly NewVersionStep[]) => {
    setSteps(next);
    void work.run(next);
  };
  if (steps === undefined) {
    const isMade = (role: Role) => work.madeRole(`role ${role.id}`) !== undefined;
    return (
      <Plan
        {...props}
        choice={choice}
        isMade={isMade}
        onChange={(part) => setChoice((before) => ({ ...before, ...part }))}
        onCarryOut={carryOut}
      />
    );
  }
  const isDone = steps.every((step) => work.outcomes.get(step.key)?.state === 'done');
  const done = steps.filter((step) => work.outcomes.get(step.key)?.state === 'done').length;
  return (
    <DialogBody>
      <Outcome>
        <p>{progressWords(done, steps.length, work.isRunning, newImage.name, image.name)}</p>
      </Outcome>
      <StepList
        steps={steps}
        outcomes={work.outcomes}
        addressOf={(step) => {
          const role = work.madeRole(step.key);
          return role === undefined ? undefined : paths.role(at, role);
        }}
      />
      <DialogActions changes={noChanges}>
        {work.isRunning ? (
          <ActionButton pending>Carrying out the plan</ActionButton>
        ) : (
          !isDone && (
            <>
              <ActionButton onClick={onClose}>Leave it as it is</ActionButton>
              <ActionButton onClick={() => setSteps(undefined)}>Back to the plan</ActionButton>
              <ActionButton variant="filled" onClick={() => void work.run(steps)}>
                {`Try the other ${formatQuantity(steps.length - done, 'step')} again`}
              </ActionButton>
            </>
          )
        )}
        {isDone && !work.isRunning && (
          <ActionButton variant="filled" onClick={onClose}>
            Close
          </ActionButton>
        )}
      </DialogActions>
    </DialogBody>
  );
}

function progressWords(
  done: number,
  all: number,
  isRunning: boolean,
  newName: string,
  oldName: string,
): string {
  if (done === all && !isRunning) return `${newName} is offered next to ${oldName} now.`;
  if (isRunning) return `${done} of ${formatQuantity(all, 'step')} done…`;
  return `Stopped: ${done} of ${formatQuantity(all, 'step')} done, ${all - done} not. What is done stays.`;
}

/** The name chosen for each role that gets a successor, by role id. */
type Names = ReadonlyMap<number, string>;

function problemsOf(names: Names): string | undefined {
  if (names.size === 0) return 'Choose at least one role.';
  const all = [...names.values()];
  const wrong = all.find((name) => !nameSchema.safeParse(name).success);
  if (wrong !== undefined) return `The name "${wrong}" cannot be used; see the field.`;
  return new Set(all).size < all.length ? 'Two of the new roles have the same name.' : undefined;
}

/** What is chosen, kept while somebody looks at the steps. */
interface Choice {
  /** Undefined until somebody chose. */
  names?: Names;
  deprecateRoles: boolean;
  deprecateImage: boolean;
}

interface PlanProps extends NextToOldProps {
  choice: Choice;
  onChange: (part: Partial<Choice>) => void;
  /** Whether its successor was made already. */
  isMade: (role: Role) => boolean;
  onCarryOut: (steps: readonly NewVersionStep[]) => void;
}

function Plan(props: PlanProps) {
  const { at, image, newImage, choice, onChange, onBack, onCarryOut } = props;
  const { deprecateRoles, deprecateImage } = choice;
  const { data, error } = useQuery(
    roleListQuery(at, { image: image.id, include: ['images', 'actions'], maxResults: shown }),
  );
  const roles = data?.data;
  const names = choice.names ?? firstChoice(roles ?? []);
  const successions: Succession[] = (roles ?? []).flatMap((role) => {
    const name = names.get(role.id);
    return name === undefined ? [] : [{ role, name }];
  });
  const againstImage = image.deprecated ? undefined : reasonAgainst(image.actions?.deprecate);
  const steps = planNewVersion({
    oldImage: image,
    newImage,
    successions,
    deprecateRoles,
    deprecateImage: deprecateImage && againstImage === undefined && !image.deprecated,
  });
  const problem = roles?.length === 0 ? 'No role here uses the old image.' : problemsOf(names);
  const notHere = successions.filter(({ role }) => role.actions?.deprecate.allowed !== true);
  return (
    <DialogBody>
      {error !== null && <ErrorNotice error={error} />}
      {roles?.length === 0 && <NoRole at={at} image={image} newImage={newImage} />}
      {roles !== undefined && roles.length > 0 && (
        <>
          <RoleChoice
            roles={roles}
            names={names}
            isMade={props.isMade}
            onChange={(next) => onChange({ names: next })}
          />
          <Checkbox
            label="Deprecate the old roles, with the new ones as successors"
            description={
              notHere.length > 0
                ? `Not ${notHere.map(({ role }) => role.name).join(', ')}: ${reasonAgainst(notHere[0]?.role.actions?.deprecate)}`
                : 'They cannot be added to farms any more; farms that have them keep them.'
            }
            checked={deprecateRoles}
            onChange={(event) => onChange({ deprecateRoles: event.target.checked })}
          />
          {!image.deprecated && (
            <Checkbox
              label="Deprecate the old image"
              description={
                againstImage ??
                'No role can start using it any more. What runs keeps running, and roles that keep it still start servers from it.'
              }
              aria-disabled={againstImage !== undefined}
              checked={deprecateImage && againstImage === undefined}
              onChange={(event) => {
                if (againstImage === undefined) onChange({ deprecateImage: event.target.checked });
              }}
            />
          )}
          {steps.length > 0 && (
            <section className={classes['section']} aria-label="What will be done">
              <h3>What will be done, in this order</h3>
              <StepList steps={steps} outcomes={noOutcomes} addressOf={() => undefined} />
            </section>
          )}
        </>
      )}
      <DialogActions changes={problem === undefined ? newVersionChanges(at, steps) : undefined}>
        <ActionButton onClick={onBack}>Back</ActionButton>
        <ActionButton variant="filled" disabledReason={problem} onClick={() => onCarryOut(steps)}>
          {`Create ${formatQuantity(successions.length, 'role')} with the new version`}
        </ActionButton>
      </DialogActions>
    </DialogBody>
  );
}

const noOutcomes = new Map<string, never>();

/** A single role is what is meant; of several, one has to choose. */
function firstChoice(roles: readonly Role[]): Names {
  const [only, ...others] = roles;
  if (only === undefined || others.length > 0) return new Map();
  return new Map([[only.id, nextName(only.name)]]);
}

function NoRole({ at, image, newImage }: { at: PathScope; image: Image; newImage: Image }) {
  return (
    <Notice>
      <p>
        No role that can be seen here uses {image.name}, so there is none to copy. Roles further
        down are copied at their own scope.
      </p>
      <p>
        <Link to={paths.newRole(at)}>Create a role and add {newImage.name} to it</Link>
      </p>
    </Notice>
  );
}
