/** A message was not delivered. The words are for people, and name what the other side said. */
export class DeliveryError extends Error {
  override name = 'DeliveryError';
  /** Whether another attempt may well succeed; if not, somebody has to do something first. */
  readonly willPass: boolean;

  constructor(message: string, { willPass, cause }: { willPass: boolean; cause?: unknown }) {
    super(message, { cause });
    this.willPass = willPass;
  }
}
