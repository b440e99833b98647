import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { objectName } from '#contract/fields.ts';
import type { Image } from '#contract/images/images.ts';
import type { Role } from '#contract/roles/roles.ts';

import { newVersionChanges } from '../../api/new-version.ts';
import { roleListQuery } from '../../api/roles.ts';
import { formatQuantity } from '../../util/format.ts';
import { nextName, planNewVersion } from '../../util/new-version.ts';
import type { NewVersionStep, Succession } from '../../util/new-version.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { reasonAgainst } from '../../util/verdicts.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { DialogActions, DialogBody } from '../dialogs/Dialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { Notice } from '../Notice.tsx';

import { DeprecateOldImage } from './DeprecateOldImage.tsx';
import classes from './flows.module.css';
import { RoleChoice } from './RoleChoice.tsx';
import { StepList } from './StepList.tsx';

const shown = 100;
const nameSchema = objectName(100);

/** The name chosen for each role that gets a successor, by role id. */
type Names = ReadonlyMap<number, string>;

/** What is chosen, kept while somebody looks at the steps. */
export interface Choice {
  /** Undefined until somebody chose. */
  names?: Names;
  deprecateRoles: boolean;
  deprecateImage: boolean;
}

interface PlanProps {
  at: PathScope;
  /** The old version. */
  image: Image;
  newImage: Image;
  choice: Choice;
  onChange: (part: Partial<Choice>) => void;
  /** Whether its successor was made already. */
  isMade: (role: Role) => boolean;
  onBack: () => void;
  onCarryOut: (steps: readonly NewVersionStep[]) => void;
}

function problemsOf(names: Names): string | undefined {
  if (names.size === 0) return 'Choose at least one role.';
  const all = [...names.values()];
  const wrong = all.find((name) => !nameSchema.safeParse(name).success);
  if (wrong !== undefined) return `The name "${wrong}" cannot be used; see the field.`;
  return new Set(all).size < all.length ? 'Two of the new roles have the same name.' : undefined;
}

/** A single role is what is meant; of several, one has to choose. */
function firstChoice(roles: readonly Role[]): Names {
  const [only, ...others] = roles;
  if (only === undefined || others.length > 0) return new Map();
  return new Map([[only.id, nextName(only.name)]]);
}

/** The steps that a choice comes to, and what stands against it. */
function usePlan({ at, image, newImage, choice }: PlanProps) {
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
    deprecateRoles: choice.deprecateRoles,
    deprecateImage: choice.deprecateImage && againstImage === undefined && !image.deprecated,
  });
  const problem = roles?.length === 0 ? 'No role here uses the old image.' : problemsOf(names);
  return { roles, error, names, successions, againstImage, steps, problem };
}

/** Chooses the roles that get a successor, and shows every step that this comes to. */
export function NextToOldPlan(props: PlanProps) {
  const { at, image, newImage, choice, onChange, onBack, onCarryOut } = props;
  const plan = usePlan(props);
  const { roles, error, successions, steps, problem } = plan;
  return (
    <DialogBody>
      {error !== null && <ErrorNotice error={error} />}
      {roles?.length === 0 && <NoRole at={at} image={image} newImage={newImage} />}
      {roles !== undefined && roles.length > 0 && (
        <>
          <RoleChoice
            roles={roles}
            names={plan.names}
            isMade={props.isMade}
            onChange={(names) => onChange({ names })}
          />
          <DeprecateOldRoles
            successions={successions}
            isChosen={choice.deprecateRoles}
            onChange={(deprecateRoles) => onChange({ deprecateRoles })}
          />
          {!image.deprecated && (
            <DeprecateOldImage
              reasonAgainst={plan.againstImage}
              isChosen={choice.deprecateImage}
              onChange={(deprecateImage) => onChange({ deprecateImage })}
            />
          )}
          <PlannedSteps steps={steps} />
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

interface DeprecateOldRolesProps {
  successions: readonly Succession[];
  isChosen: boolean;
  onChange: (isChosen: boolean) => void;
}

function DeprecateOldRoles({ successions, isChosen, onChange }: DeprecateOldRolesProps) {
  const notHere = successions.filter(({ role }) => role.actions?.deprecate.allowed !== true);
  return (
    <Checkbox
      label="Deprecate the old roles, with the new ones as successors"
      description={
        notHere.length > 0
          ? `Not ${notHere.map(({ role }) => role.name).join(', ')}: ${reasonAgainst(notHere[0]?.role.actions?.deprecate)}`
          : 'They cannot be added to farms any more; farms that have them keep them.'
      }
      checked={isChosen}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}

const noOutcomes = new Map<string, never>();

function PlannedSteps({ steps }: { steps: readonly NewVersionStep[] }) {
  if (steps.length === 0) return null;
  return (
    <section className={classes['section']} aria-label="What will be done">
      <h3>What will be done, in this order</h3>
      <StepList steps={steps} outcomes={noOutcomes} addressOf={() => undefined} />
    </section>
  );
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
