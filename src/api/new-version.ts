import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';

import { call } from './client.ts';
import type { Outcome } from './each.ts';
import { catalogueReads } from './invalidation.ts';
import { settle } from './query.ts';
import type { NewVersionStep } from '../util/new-version.ts';
import type { PathScope } from '../util/paths.ts';

/** The roles that were made, by the key of the step that made them. */
type Made = Map<string, number>;

function madeBy(made: Made, key: string): number {
  const roleId = made.get(key);
  if (roleId === undefined) throw new Error(`No role was made by step "${key}".`);
  return roleId;
}

async function carryOut(at: PathScope, step: NewVersionStep, made: Made): Promise<void> {
  switch (step.kind) {
    case 'clone': {
      const params = { roleId: step.roleId };
      const { data } = await call('roleClone', at, { params, body: { name: step.name } });
      made.set(step.key, data.id);
      return;
    }
    case 'create': {
      const { category, os, description, useScalrAgent, builtinAutomation } = step.like;
      const body = { category, os, description, useScalrAgent, name: step.name };
      const { data } = await call('roleCreate', at, {
        body: useScalrAgent ? { ...body, builtinAutomation } : body,
      });
      made.set(step.key, data.id);
      return;
    }
    case 'swap': {
      const params = { roleId: madeBy(made, step.of), imageId: step.oldImageId };
      await call('roleImageReplace', at, { params, body: { image: { id: step.newImageId } } });
      return;
    }
    case 'add': {
      const params = { roleId: madeBy(made, step.of) };
      await call('roleImageCreate', at, { params, body: { image: { id: step.imageId } } });
      return;
    }
    case 'deprecate role': {
      const replacement = { id: madeBy(made, step.successor) };
      const body = { deprecate: true, replacement };
      await call('roleDeprecate', at, { params: { roleId: step.roleId }, body });
      return;
    }
    case 'deprecate image': {
      const body = { deprecate: true, replacement: { id: step.successorId } };
      await call('imageDeprecate', at, { params: { imageId: step.imageId }, body });
    }
  }
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
    await settle(client, 'roleClone', {}, catalogueReads);
    setIsRunning(false);
  };
  return { run, outcomes, isRunning, madeRole: (key: string) => made.current.get(key) };
}
