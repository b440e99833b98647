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
