import type { SessionLimits } from '../auth/sessions.ts';
import { wholeNumber } from './kinds.ts';

/** How long people stay signed in, already checked. */
export interface SessionEnv {
  sessions: SessionLimits;
}

export const SESSION_USAGE = `  SESSION_IDLE_MINUTES a session ends after so long without use, 1 to 1440 (default 30)
  SESSION_HOURS        a session ends after so long in any case, 1 to 720 (default 12)
  CONFIRM_AGAIN_MINUTES  what needs a fresh sign-in asks for another after so long, 1 to 1440 (default 10, 0 = never)`;

export const sessionSettings = {
  SESSION_IDLE_MINUTES: wholeNumber(1, 1_440).default(30),
  SESSION_HOURS: wholeNumber(1, 720).default(12),
  CONFIRM_AGAIN_MINUTES: wholeNumber(0, 1_440).default(10),
};

export function toSessionEnv(values: {
  SESSION_IDLE_MINUTES: number;
  SESSION_HOURS: number;
  CONFIRM_AGAIN_MINUTES: number;
}): SessionEnv {
  return {
    sessions: {
      idleMinutes: values.SESSION_IDLE_MINUTES,
      hours: values.SESSION_HOURS,
      confirmMinutes: values.CONFIRM_AGAIN_MINUTES,
    },
  };
}
