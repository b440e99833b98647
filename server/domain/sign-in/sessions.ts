/** How long people stay signed in: docs/domain.md, "Sessions". */
export interface SessionLimits {
  /** A session ends after so long without use. */
  idleMinutes: number;
  /** And after so long in any case. */
  hours: number;
  /** How long a sign-in is fresh enough for what needs a fresh one; 0 is for ever. */
  confirmMinutes: number;
}

export const defaultLimits: SessionLimits = { idleMinutes: 30, hours: 12, confirmMinutes: 10 };

/**
 * Whether who has a session has shown lately enough that it is they: docs/domain.md, "Confirm again".
 * @param confirmedAt undefined for whoever has no session: API keys are exempt
 */
export function isFresh(
  confirmedAt: Date | undefined,
  now: Date,
  { confirmMinutes }: Pick<SessionLimits, 'confirmMinutes'>,
): boolean {
  if (confirmedAt === undefined || confirmMinutes === 0) return true;
  return now.getTime() - confirmedAt.getTime() < confirmMinutes * 60_000;
}
