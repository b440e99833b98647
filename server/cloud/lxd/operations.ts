import { type LxdOperation, operationSchema, operationsSchema } from './answers.ts';
import { isBusy, LxdError, type LxdProject, orAbsent } from './connection.ts';

/** How long a call waits for what it began; what takes longer is left to who asks next. */
const patienceSeconds = 3;

export const goesOn = ({ status_code }: LxdOperation) => status_code < 200;
/** Somebody else had asked for the same. */
const isDone = /already (?:exists|running|stopped)/i;

/** What only came too late has not failed. */
export const hasFailed = ({ status_code, err }: LxdOperation) =>
  status_code >= 400 && !isDone.test(err) && !isBusy.test(err);

/**
 * Waits a moment for an operation.
 * @returns as it is then, be it at work or at its end; nothing when LXD has forgotten it
 */
export async function waitFor(
  project: LxdProject,
  operation: LxdOperation | undefined,
  seconds = patienceSeconds,
): Promise<LxdOperation | undefined> {
  if (operation === undefined) return undefined;
  const path = `/operations/${operation.id}/wait?timeout=${seconds}`;
  return orAbsent(project.read(path, operationSchema));
}

/**
 * Lets a step go on, unless LXD refuses it at its beginning.
 * @throws LxdError
 */
export async function letGoOn(
  project: LxdProject,
  operation: LxdOperation | undefined,
): Promise<void> {
  const begun = await waitFor(project, operation, 1);
  if (begun && begun.status_code >= 400 && !isDone.test(begun.err))
    throw new LxdError(begun.err, 400);
}

/** What goes on in a project, and what ended in the last seconds, by the instance that it is about. */
export async function readOperations(project: LxdProject): Promise<Map<string, LxdOperation[]>> {
  const byState = await project.read('/operations?recursion=1', operationsSchema);
  const byName = new Map<string, LxdOperation[]>();
  for (const operation of Object.values(byState).flat())
    for (const name of instancesOf(operation))
      byName.set(name, [...(byName.get(name) ?? []), operation]);
  return byName;
}

/** Resources are paths: `/1.0/instances/NAME?project=...`. */
function instancesOf({ resources }: LxdOperation): string[] {
  const paths = resources?.['instances'] ?? resources?.['containers'] ?? [];
  return paths.map((path) => path.split('/').at(3)?.split('?')[0] ?? '');
}
