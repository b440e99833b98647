import { fetchEstateOfKind } from '../../../database/queries/simulated-cloud/groups.ts';
import { CloudError } from '../../call.ts';
import type { CloudGroupAim } from '../../groups.ts';
import type { BootSource, FoundGroup, FoundPointer, FoundTemplate } from '../../inventory.ts';
import { type InGroup, keep } from './estate-of-group.ts';

/** A version that was made for a move says so, and is found by a repetition. */
type KeptTemplate = FoundTemplate & { madeFor?: string };

/**
 * Moves the pointer, or makes a version of the template that has the image.
 * @returns what the group starts servers from then; a version by its number
 */
export async function aimGroup(
  of: InGroup,
  group: FoundGroup,
  { templateId, pointerName, cloudImageId, token }: CloudGroupAim,
): Promise<readonly BootSource[]> {
  const boot = group.boots.find((one) => one.kind === 'template' && one.templateId === templateId);
  if (boot?.kind !== 'template' || boot.version === '')
    throw new CloudError(
      `ValidationError: the group ${group.groupId} does not start servers from template ${templateId}.`,
      { willPass: false },
    );
  if (pointerName !== undefined) {
    await keep(of, { kind: 'pointer', name: pointerName, cloudImageId });
    return group.boots;
  }
  const version = await takeVersion(of, boot, { cloudImageId, token });
  return group.boots.map((one) => (one === boot ? { ...boot, version } : one));
}

async function takeVersion(
  of: InGroup,
  boot: BootSource & { kind: 'template' },
  { cloudImageId, token }: Pick<CloudGroupAim, 'cloudImageId' | 'token'>,
): Promise<string> {
  const all = await fetchVersions(of, boot.templateId);
  const present = all.find((one) => isVersion(one, boot.version));
  if (!present)
    throw new CloudError('NotFound: the template version is gone.', { willPass: false });
  if (present.cloudImageId === cloudImageId) return present.version;
  const made = all.find(({ madeFor }) => madeFor === token);
  if (made) return made.version;
  const latest = Math.max(...all.map((one) => Number(one.version)));
  for (const one of all) if (one.isLatest) await keep(of, { ...one, isLatest: false });
  const version: KeptTemplate = {
    ...present,
    version: String(latest + 1),
    isLatest: true,
    isDefault: false,
    cloudImageId,
    madeFor: token,
  };
  delete version.pointerName;
  await keep(of, version);
  return version.version;
}

async function fetchVersions(of: InGroup, templateId: string): Promise<KeptTemplate[]> {
  const all = await fetchEstateOfKind<KeptTemplate>(of.tx, of.place, { kind: 'template' });
  return all.filter((one) => one.templateId === templateId);
}

function isVersion(template: FoundTemplate, version: string): boolean {
  if (version === '$Latest') return template.isLatest;
  return version === '$Default' ? template.isDefault : template.version === version;
}

/** What a server that is started now runs. */
export async function imageOf(of: InGroup, boot: BootSource): Promise<string | undefined> {
  if (boot.kind === 'image') return boot.cloudImageId;
  const template = (await fetchVersions(of, boot.templateId)).find((one) =>
    isVersion(one, boot.version),
  );
  if (template?.pointerName === undefined) return template?.cloudImageId;
  const pointers = await fetchEstateOfKind<FoundPointer>(of.tx, of.place, { kind: 'pointer' });
  return pointers.find(({ name }) => name === template.pointerName)?.cloudImageId;
}
