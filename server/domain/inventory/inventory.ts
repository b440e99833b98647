// What refers to which machine image, of what was read at one place of a cloud: docs/domain.md, "Inventory".

export type Boot =
  | { kind: 'image'; cloudImageId: string }
  | { kind: 'template'; templateId: string; version: string };

interface Template {
  kind: 'template';
  templateId: string;
  name: string;
  version: string;
  isLatest: boolean;
  isDefault: boolean;
  cloudImageId: string | undefined;
  pointerName: string | undefined;
}

/** Facts of an inventory, as far as they refer to images: server/cloud/inventory.ts has them whole. */
export type ReferringFact =
  | {
      kind: 'server';
      cloudServerId: string;
      cloudImageId: string | undefined;
      state: string;
      tags: Readonly<Record<string, string>>;
    }
  | { kind: 'group'; groupId: string; name: string; boots: readonly Boot[] }
  | Template
  | { kind: 'pointer'; name: string; cloudImageId: string | undefined };

export interface FoundReference {
  kind: ReferringFact['kind'];
  id: string;
  name: string;
  /** '' where it cannot be told which one it is. */
  cloudImageId: string;
  /** What it does with the image, after its name. */
  how: string;
}

/** What something means: an image and the way to it, nothing, or no one can tell. */
type Meaning = { cloudImageId: string; through: string } | { unresolved: string } | undefined;

/** What is known at a place of what groups name. */
export interface Known {
  templates: readonly Template[];
  pointers: ReadonlyMap<string, string | undefined>;
}

/**
 * Every reference to an image at one place. Templates that no group uses refer to their images all the same: somebody
 * may start a server from them at any time. `$Latest`, `$Default` and pointers are resolved to what they mean now.
 */
export function findReferences(facts: readonly ReferringFact[]): FoundReference[] {
  const known = toKnown(facts);
  return mergeSame(facts.flatMap((fact) => referencesOf(fact, known)));
}

export function toKnown(facts: readonly ReferringFact[]): Known {
  return {
    templates: facts.filter((fact) => fact.kind === 'template'),
    pointers: new Map(
      facts.flatMap((fact) => (fact.kind === 'pointer' ? [[fact.name, fact.cloudImageId]] : [])),
    ),
  };
}

/** What a group would start a server from now, and how it comes to that. */
export interface ResolvedBoot {
  /** None where it cannot be told, or there is none. */
  cloudImageId: string | undefined;
  /** After the name of the group. */
  words: string;
  /** Of the template or the launch configuration, if it is one. */
  name: string | undefined;
  templateId: string | undefined;
  /** As the group names it, such as `$Latest`. */
  version: string | undefined;
  pointerName: string | undefined;
}

/** One way in which a group starts servers, resolved to what it means now. */
export function resolveBoot(boot: Boot, known: Known): ResolvedBoot {
  const meaning = meaningOf(boot, known);
  const template =
    boot.kind === 'template' ? known.templates.find((one) => isVersion(one, boot)) : undefined;
  return {
    cloudImageId: meaning && 'cloudImageId' in meaning ? meaning.cloudImageId : undefined,
    words: wordsOf(meaning),
    name: template?.name,
    templateId: boot.kind === 'template' ? boot.templateId : undefined,
    version: boot.kind === 'template' ? boot.version : undefined,
    pointerName: template?.pointerName,
  };
}

function wordsOf(meaning: Meaning): string {
  if (meaning === undefined) return 'starts servers from no image';
  return 'unresolved' in meaning
    ? `starts servers from ${meaning.unresolved}`
    : `starts servers from it${meaning.through}`;
}

function referencesOf(fact: ReferringFact, known: Known): FoundReference[] {
  switch (fact.kind) {
    case 'server': {
      if (fact.cloudImageId === undefined) return [];
      const { cloudServerId: id, cloudImageId } = fact;
      const name = fact.tags['Name'] ?? id;
      return [{ kind: 'server', id, name, cloudImageId, how: `is ${fact.state} on it` }];
    }
    case 'group':
      return fact.boots.flatMap((boot) => {
        const { groupId: id, name } = fact;
        return toReference(
          { kind: 'group', id, name },
          meaningOf(boot, known),
          'starts servers from',
        );
      });
    case 'template': {
      const id = `${fact.templateId} ${fact.version}`.trim();
      const of = { kind: 'template' as const, id, name: titleOf(fact) };
      return toReference(of, meaningOfTemplate(fact, known), 'names');
    }
    case 'pointer': {
      const { name, cloudImageId } = fact;
      if (cloudImageId === undefined) return [];
      return [{ kind: 'pointer', id: name, name, cloudImageId, how: 'means it now' }];
    }
  }
}

function toReference(
  of: Pick<FoundReference, 'kind' | 'id' | 'name'>,
  meaning: Meaning,
  verb: string,
): FoundReference[] {
  if (meaning === undefined) return [];
  if ('unresolved' in meaning)
    return [{ ...of, cloudImageId: '', how: `${verb} ${meaning.unresolved}` }];
  return [{ ...of, cloudImageId: meaning.cloudImageId, how: `${verb} it${meaning.through}` }];
}

function meaningOf(boot: Boot, known: Known): Meaning {
  if (boot.kind === 'image') return { cloudImageId: boot.cloudImageId, through: '' };
  const { templateId, version } = boot;
  const template = known.templates.find((one) => isVersion(one, boot));
  const asked = version === '' ? templateId : `${templateId}, version ${version}`;
  if (!template) return { unresolved: `template ${asked}, which was not found` };
  const meaning = meaningOfTemplate(template, known);
  if (meaning === undefined || 'unresolved' in meaning) return meaning;
  const { cloudImageId, through } = meaning;
  return { cloudImageId, through: `: ${wayOf(template, version)}${through}` };
}

/** Why it is this version: the words of `$Latest` and `$Default` alone say nothing to somebody who looks for a number. */
function wayOf(template: Template, version: string): string {
  if (version === '') return `launch configuration ${template.name}`;
  const named = `template ${template.name}, version ${template.version}`;
  return version.startsWith('$') ? `${named}, which is ${version} now` : named;
}

function meaningOfTemplate({ cloudImageId, pointerName }: Template, { pointers }: Known): Meaning {
  if (pointerName === undefined)
    return cloudImageId === undefined ? undefined : { cloudImageId, through: '' };
  if (!pointers.has(pointerName))
    return { unresolved: `the image of pointer ${pointerName}, which was not found` };
  const meant = pointers.get(pointerName);
  return meant === undefined
    ? undefined
    : { cloudImageId: meant, through: `, through pointer ${pointerName}` };
}

function isVersion(template: Template, boot: { templateId: string; version: string }): boolean {
  if (template.templateId !== boot.templateId) return false;
  if (boot.version === '$Latest') return template.isLatest;
  return boot.version === '$Default' ? template.isDefault : template.version === boot.version;
}

function titleOf({ name, version, isLatest, isDefault }: Template): string {
  const labels = [...(isLatest ? ['$Latest'] : []), ...(isDefault ? ['$Default'] : [])];
  if (version === '') return name;
  return `${name}, version ${version}${labels.length > 0 ? ` (${labels.join(', ')})` : ''}`;
}

/** A group that may start servers from one image in several ways refers to it once. */
function mergeSame(references: FoundReference[]): FoundReference[] {
  const byKey = Map.groupBy(references, ({ kind, id, cloudImageId }) =>
    [kind, id, cloudImageId].join('\n'),
  );
  return [...byKey.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, how: [first, ...others].map(({ how }) => how).join('; ') }] : [],
  );
}
