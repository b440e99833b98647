import { cloudPlatforms } from '#contract/images/platforms.ts';
import { StartError } from '../database/embedded/start-error.ts';
import {
  clearFaults,
  everywhere,
  listFaults,
  setFault,
  type SimulatedFault,
} from '../database/queries/simulated-cloud/faults.ts';
import {
  loseSimulatedImage,
  returnSimulatedImage,
} from '../database/queries/simulated-cloud/images.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';

/** What the simulated cloud can be told to do badly, what that means, and how often it happens unless said. */
const faultKinds: Record<SimulatedFault['kind'], { meaning: string; probability?: number }> = {
  'no-capacity': { meaning: 'no server can be started now' },
  'image-missing': { meaning: 'it has no image' },
  'failing-servers': { meaning: 'servers end while they are starting' },
  slow: { meaning: 'each call takes longer' },
  flapping: { meaning: 'calls fail now and then, done or not', probability: 0.5 },
  throttled: { meaning: 'it is asked too often' },
};
const usualSeconds = 30;

/** For the help of the command. */
export const FAULT_KINDS = Object.entries(faultKinds)
  .map(([kind, { meaning }]) => `${kind} (${meaning})`)
  .join(', ');

export interface FaultPlace {
  platform?: string;
  location?: string;
}

export async function printFaults({ db }: CommandContext): Promise<Answer> {
  const faults = await listFaults(db);
  return {
    text: faults.map(describeFault).join('\n') || 'The simulated cloud works everywhere.',
    json: faults.map(toJson),
  };
}

/** Makes the simulated cloud do something badly, at once, in every process. */
export async function makeFault(
  { db }: CommandContext,
  kind: string,
  given: FaultPlace & { seconds?: string; probability?: string },
): Promise<Answer> {
  const known = kindOf(kind);
  if (given.seconds !== undefined && known !== 'slow')
    throw new StartError('Only the fault "slow" takes --seconds.');
  const { probability: usual = 1 } = faultKinds[known];
  const fault: SimulatedFault = {
    kind: known,
    ...columnsOf(given),
    probability: numberIn('probability', given.probability, 1) ?? usual,
    seconds: known === 'slow' ? (numberIn('seconds', given.seconds, 3_600) ?? usualSeconds) : 0,
  };
  await setFault(db, fault);
  return { text: describeFault(fault), json: toJson(fault) };
}

/** Ends faults: all, or those of a kind and place. */
export async function endFaults(
  { db }: CommandContext,
  kind: string | undefined,
  place: FaultPlace,
): Promise<Answer> {
  const { cloud_platform, cloud_location } = columnsOf(place);
  const cleared = await clearFaults(db, {
    ...(kind !== undefined && { kind: kindOf(kind) }),
    ...(place.platform !== undefined && { cloud_platform }),
    ...(place.location !== undefined && { cloud_location }),
  });
  return {
    text: cleared === 1 ? 'Ended one fault.' : `Ended ${cleared} faults.`,
    json: { cleared },
  };
}

/** Takes an image away from the simulated cloud, or gives it back. */
export async function markImage(
  { db }: CommandContext,
  state: 'missing' | 'known',
  image: { platform: string; location: string; image: string },
): Promise<Answer> {
  const { cloud_platform: cloudPlatform } = columnsOf(image);
  const ref = { cloudPlatform, cloudLocation: image.location, cloudImageId: image.image };
  const changed = await (state === 'missing' ? loseSimulatedImage : returnSimulatedImage)(db, ref);
  const now = state === 'missing' ? 'is missing' : 'is known';
  return {
    text: `The image ${image.image} ${now}${changed ? ' now' : ' already'}.`,
    json: { ...ref, state, changed },
  };
}

function kindOf(text: string): SimulatedFault['kind'] {
  if (Object.hasOwn(faultKinds, text)) return text as SimulatedFault['kind'];
  throw new StartError(
    `"${text}" is not a fault. The faults are ${Object.keys(faultKinds).join(', ')}.`,
  );
}

function columnsOf({ platform = everywhere, location = everywhere }: FaultPlace) {
  const platforms: readonly string[] = [everywhere, ...cloudPlatforms];
  if (!platforms.includes(platform))
    throw new StartError(
      `"${platform}" is not a platform. The platforms are ${cloudPlatforms.join(', ')}.`,
    );
  return { cloud_platform: platform, cloud_location: location };
}

/** @throws StartError unless it is above 0 and at most `most` */
function numberIn(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (number > 0 && number <= most) return number;
  throw new StartError(`--${name} must be above 0 and at most ${most}, not "${text}".`);
}

function describeFault(fault: SimulatedFault): string {
  const { kind, cloud_platform: platform, cloud_location: location, seconds } = fault;
  const places = [platform, location].filter((part) => part !== everywhere && part !== '');
  const how = [
    ...(kind === 'slow' ? [`by ${seconds} s`] : []),
    ...(fault.probability < 1 ? [`for ${Math.round(fault.probability * 100)} % of calls`] : []),
  ];
  const where = places.length === 0 ? 'everywhere' : `on ${places.join(' ')}`;
  return `${kind} ${where}${how.length > 0 ? `, ${how.join(', ')}` : ''}: ${faultKinds[kind].meaning}`;
}

function toJson({ kind, cloud_platform, cloud_location, probability, seconds }: SimulatedFault) {
  return {
    kind,
    platform: cloud_platform,
    location: cloud_location,
    probability,
    ...(kind === 'slow' && { seconds }),
  };
}
