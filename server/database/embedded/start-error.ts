/**
 * Something outside Slipway keeps it from starting: a wrong setting, a busy port, a foreign lock.
 * The message is one sentence or two for the person at the terminal; the process ends with code 2.
 */
export class StartError extends Error {
  override name = 'StartError';
}
