import { type Scope, scopeLabel } from '#contract/scope.ts';

/**
 * The state to show for an image or a role, from what the wire says: a failed, coming or vanishing
 * object matters more than a deprecated one.
 */
export function objectState(object: {
  status?: string | undefined;
  deprecated?: boolean | undefined;
  deprecationElsewhere?: object | null | undefined;
}): 'active' | 'deprecated' | 'copying' | 'deleting' | 'failed' {
  if (object.status === 'failed') return 'failed';
  if (object.status === 'pending_copy') return 'copying';
  if (object.status === 'pending_delete') return 'deleting';
  const isDeprecated = object.deprecated === true || object.deprecationElsewhere != null;
  return isDeprecated ? 'deprecated' : 'active';
}

interface Deprecated {
  deprecation: {
    by: string;
    reason: string | null;
    useInstead: { name: string } | null;
  } | null;
  deprecationElsewhere?: Elsewhere | null | undefined;
}

interface Elsewhere {
  image: { name: string; scope: Scope };
  reason: string | null;
}

/** Where else the same cloud image is deprecated, and why. */
function elsewhereWords({ image, reason }: Elsewhere): string {
  const where = `The same cloud image is deprecated at ${scopeLabel[image.scope]} scope, as ${image.name}.`;
  return reason === null ? where : `${where} ${reason}`;
}

/** Why an image or a role is deprecated and what to use instead; undefined for one that is not. */
export function deprecationDetail(object: Deprecated): string | undefined {
  const { deprecation, deprecationElsewhere: elsewhere } = object;
  if (deprecation === null) return elsewhere == null ? undefined : elsewhereWords(elsewhere);
  const successor =
    deprecation.useInstead === null ? '' : ` Use ${deprecation.useInstead.name} instead.`;
  return `${deprecation.reason ?? `Deprecated by ${deprecation.by}.`}${successor}`;
}
