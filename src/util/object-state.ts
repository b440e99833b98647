/**
 * The state to show for an image or a role, from what the wire says: a failed, coming or vanishing
 * object matters more than a deprecated one.
 */
export function objectState(object: {
  status?: string | undefined;
  deprecated?: boolean | undefined;
}): 'active' | 'deprecated' | 'copying' | 'deleting' | 'failed' {
  if (object.status === 'failed') return 'failed';
  if (object.status === 'pending_copy') return 'copying';
  if (object.status === 'pending_delete') return 'deleting';
  return object.deprecated === true ? 'deprecated' : 'active';
}

interface Deprecated {
  deprecation: {
    by: string;
    reason: string | null;
    useInstead: { name: string } | null;
  } | null;
}

/** Why an image or a role is deprecated and what to use instead; undefined for one that is not. */
export function deprecationDetail({ deprecation }: Deprecated): string | undefined {
  if (deprecation === null) return undefined;
  const successor =
    deprecation.useInstead === null ? '' : ` Use ${deprecation.useInstead.name} instead.`;
  return `${deprecation.reason ?? `Deprecated by ${deprecation.by}.`}${successor}`;
}
