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
] as const;
export type ServerStatus = (typeof serverStatuses)[number];
