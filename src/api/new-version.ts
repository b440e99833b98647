import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';

import { call } from './client.ts';
import type { Outcome } from './each.ts';
import { settle } from './query.ts';
import type { Change, ShownChange } from './request.ts';
import { laterId } from '../util/later-id.ts';
import type { NewVersionStep } from '../util/new-version.ts';
import type { PathScope } from '../util/paths.ts';

type StepChange =
  | Change<'roleClone'>
  | Change<'roleCreate'>
  | Change<'roleImageReplace'>
  | Change<'roleImageCreate'>
  | Change<'roleDeprecate'>
  | Change<'imageDeprecate'>;

/** Whether later steps need the id of what it makes. */
const isMaking = ({ kind }: NewVersionStep) => kind === 'clone' || kind === 'create';

/** The change that a step is. @param roleOf the id of the role that a step made, by its key */
function changeOf(
  at: PathScope,
  step: NewVersionStep,
  roleOf: (key: string) => number,
): StepChange {
  switch (step.kind) {
    case 'clone': {
      const input = { params: { roleId: step.roleId }, body: { name: step.name } };
      return { id: 'roleClone', at, input };
    }
    case 'create': {
      const { category, os, description, useScalrAgent, builtinAutomation } = step.like;
      const body = { category, os, description, useScalrAgent, name: step.name };
      const input = { body: useScalrAgent ? { ...body, builtinAutomation } : body };
      return { id: 'roleCreate', at, input };
    }
    case 'swap': {
      const params = { roleId: roleOf(step.of), imageId: step.oldImageId };
      const input = { params, body: { image: { id: step.newImageId } } };
      return { id: 'roleImageReplace', at, input };
    }
    case 'add': {
      const params = { roleId: roleOf(step.of) };
      return {
        id: 'roleImageCreate',
        at,
        input: { params, body: { image: { id: step.imageId } } },
      };
    }
    case 'deprecate role': {
      const body = { deprecate: true, replacement: { id: roleOf(step.successor) } };
      return { id: 'roleDeprecate', at, input: { params: { roleId: step.roleId }, body } };
    }
    case 'deprecate image': {
      const body = { deprecate: true, replacement: { id: step.successorId } };
      return { id: 'imageDeprecate', at, input: { params: { imageId: step.imageId }, body } };
    }
  }
}

/** `after_role_12`: what is made in the place of role 12. */
const variableOf = (key: string) => `after_${key.replaceAll(/\W/g, '_')}`;

/** The changes that the steps are, to be shown before anything is made. */
export function newVersionChanges(
  at: PathScope,
  steps: readonly NewVersionStep[],
): readonly ShownChange[] {
  return steps.map((step) => {
    const change = changeOf(at, step, (key) => laterId(variableOf(key)));
    return isMaking(step) ? { ...change, makes: variableOf(step.key) } : change;
  });
}

/** The roles that were made, by the key of the step that made them. */
type Made = Map<string, number>;

function madeBy(made: Made, key: string): number {
  const roleId = made.get(key);
  if (roleId === undefined) throw new Error(`No role was made by step "${key}".`);
  return roleId;
}

async function carryOut(at: PathScope, step: NewVersionStep, made: Made): Promise<void> {
  const change = changeOf(at, step, (key) => madeBy(made, key));
  const { data } = await call(change.id, change.at, change.input);
  if (isMaking(step)) made.set(step.key, Number((data as { id: number }).id));
}

const none: ReadonlyMap<string, Outcome> = new Map();

/**
 * Carries out the steps of a new version one by one and says by key what became of each. It stops
 * at a refusal; `run` with the same or corrected steps goes on with what is not done yet.
 */
export function useNewVersion(at: PathScope) {
  const client = useQueryClient();
  const made = useRef<Made>(new Map());
  const [outcomes, setOutcomes] = useState(none);
  const [isRunning, setIsRunning] = useState(false);
  const report = (key: string, outcome: Outcome) =>
    setOutcomes((before) => new Map(before).set(key, outcome));
  const run = async (steps: readonly NewVersionStep[]) => {
    setIsRunning(true);
    for (const step of steps) {
      if (outcomes.get(step.key)?.state === 'done') continue;
      report(step.key, { state: 'running' });
      try {
        // oxlint-disable-next-line no-await-in-loop -- each step builds on those before
        await carryOut(at, step, made.current);
        report(step.key, { state: 'done' });
      } catch (error) {
        report(step.key, { state: 'failed', error });
        break;
      }
    }
    await settle(
      client,
      steps.map((step) => changeOf(at, step, laterId).id),
    );
    setIsRunning(false);
  };
  return { run, outcomes, isRunning, madeRole: (key: string) => made.current.get(key) };
}
