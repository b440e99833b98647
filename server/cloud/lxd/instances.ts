import { createHash } from 'node:crypto';
import { z } from 'zod';
import { instanceSchema, type LxdInstance, type LxdOperation } from './answers.ts';
import { LxdError, type LxdProject, orAbsent } from './connection.ts';
import { goesOn, hasFailed, readOperations, waitFor } from './operations.ts';
import {
  awaitsStart,
  failureKey,
  failureOf,
  isEnding,
  isUp,
  type Observed,
  ranKey,
  startsKey,
  startsOf,
  tokenKey,
} from './server-state.ts';

/** Names are host names: a token that can be no part of one is told by its digest. */
export function nameOf(token: string, namePrefix: string): string {
  const plain = `${namePrefix}-${token}`;
  if (plain.length <= 63 && /^[a-z0-9-]*[a-z0-9]$/.test(token)) return plain;
  return `${namePrefix}-${createHash('sha256').update(token).digest('hex').slice(0, 32)}`;
}

/** An instance, or the operation that makes it, or that could not. */
export type Found = Observed | { creation: LxdOperation };

/** Looks at what goes on first: so nothing is missed that was begun before and is there by now. */
export async function findInstance(project: LxdProject, name: string): Promise<Found | undefined> {
  const operations = (await readOperations(project)).get(name) ?? [];
  const read = project.read(`/instances/${encodeURIComponent(name)}?recursion=1`, instanceSchema);
  const instance = await orAbsent(read);
  if (instance) return { instance, operations };
  const creation = operations.find(
    (one) => one.description === 'Creating instance' && (goesOn(one) || hasFailed(one)),
  );
  return creation && { creation };
}

export async function listInstances(project: LxdProject): Promise<Observed[]> {
  const operations = await readOperations(project);
  const instances = await project.read('/instances?recursion=2', z.array(instanceSchema));
  return instances.map((instance) => ({
    instance,
    operations: operations.get(instance.name) ?? [],
  }));
}

/**
 * Begins a step.
 * @throws LxdError that will pass while LXD is at work on the instance
 */
export async function changeState(
  project: LxdProject,
  { instance }: Observed,
  step: { action: string; force?: boolean; timeout?: number },
): Promise<LxdOperation | undefined> {
  return project.change('PUT', `/instances/${instance.name}/state`, step);
}

/** Notes something on an instance, and leaves the rest of it alone. */
export async function patchInstance(
  project: LxdProject,
  { name }: LxdInstance,
  patch: { ephemeral?: boolean; config?: Record<string, string> },
): Promise<void> {
  await project.change('PATCH', `/instances/${name}`, patch);
}

export async function deleteInstance(project: LxdProject, { name }: LxdInstance): Promise<void> {
  await orAbsent(unlessBusy(project.change('DELETE', `/instances/${name}`)));
}

/** Leaves what LXD is at work on to its end. */
export async function unlessBusy<Answer>(change: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await change;
  } catch (error) {
    if (error instanceof LxdError && error.isBusy) return undefined;
    throw error;
  }
}

/**
 * LXD makes and starts in two steps, and stops and deletes in two as well. Whoever looks at an instance
 * takes the step that is due, so that none is lost with a process that was killed in between.
 *
 * @returns the instance afterwards
 */
export async function takeNextStep(
  project: LxdProject,
  observed: Observed,
): Promise<Found | undefined> {
  const { instance, operations } = observed;
  if (instance.config[tokenKey] === undefined || operations.some(goesOn)) return observed;
  if (isEnding(observed)) await end(project, observed);
  else if (awaitsStart(observed)) await unlessBusy(start(project, observed));
  else {
    await unlessBusy(noteOutcome(project, observed));
    return observed;
  }
  return findInstance(project, instance.name);
}

/** By force: it was asked to end, and has not, or was only stopped. */
async function end(project: LxdProject, observed: Observed): Promise<void> {
  if (observed.instance.status === 'Stopped') await deleteInstance(project, observed.instance);
  else await unlessBusy(changeState(project, observed, { action: 'stop', force: true }));
}

async function start(project: LxdProject, observed: Observed): Promise<void> {
  const { instance } = observed;
  const config = { [startsKey]: String(startsOf(instance) + 1) };
  await patchInstance(project, instance, { config });
  await waitFor(project, await changeState(project, observed, { action: 'start' }));
  const after = await findInstance(project, instance.name);
  if (after && 'instance' in after) await noteOutcome(project, after);
}

/**
 * What ran and has stopped later is suspended, and not still to be started; and what could not be started says
 * so from then on. LXD itself forgets.
 */
export async function noteOutcome(project: LxdProject, observed: Observed): Promise<void> {
  const { config } = observed.instance;
  const failure = failureOf(observed);
  const isNoted = config[ranKey] !== undefined || config[failureKey] !== undefined;
  if (isNoted || (failure === undefined && !isUp(observed))) return;
  const key = failure === undefined ? ranKey : failureKey;
  await patchInstance(project, observed.instance, { config: { [key]: failure ?? 'true' } });
}
