// Without zod, so that a page can name them before any schema is loaded.

export const farmStatuses = ['running', 'terminated', 'suspended'] as const;

export const serverStatuses = [
  'pending_launch',
  'pending',
  'initializing',
  'running',
  'resuming',
  'pending_suspend',
  'suspended',
  'pending_terminate',
  'terminated',
  'failed',
] as const;
export type ServerStatus = (typeof serverStatuses)[number];

/** Live servers count for usage and staleness: every status but those of an ending. */
export const endedServerStatuses = ['pending_terminate', 'terminated', 'failed'] as const;

/** Nothing of the server is left in its cloud. */
export const goneServerStatuses = ['terminated', 'failed'] as const;

/** Those of a server that is on its way into another. */
export const passingServerStatuses = [
  'pending_launch',
  'pending',
  'initializing',
  'resuming',
  'pending_suspend',
  'pending_terminate',
] as const;
