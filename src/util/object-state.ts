/**
 * The state to show for an image or a role, from what the wire says: a failed or vanishing object
 * matters more than a deprecated one.
 */
export function objectState(object: {
  status?: string | undefined;
  deprecated?: boolean | undefined;
}): 'active' | 'deprecated' | 'deleting' | 'failed' {
  if (object.status === 'failed') return 'failed';
  if (object.status === 'pending_delete') return 'deleting';
  return object.deprecated === true ? 'deprecated' : 'active';
}
