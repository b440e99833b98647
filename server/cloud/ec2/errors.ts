import { PrivateAddressError } from '../../contact/private-addresses.ts';
import { CloudError } from '../call.ts';

/** AWS said no. */
export class AwsError extends CloudError {
  override name = 'AwsError';
  /** Such as `InvalidAMIID.NotFound`. */
  readonly code: string;
  /** What AWS said beside the code. */
  readonly words: string;

  constructor(code: string, words: string, status: number) {
    const willPass = status >= 500 || passing.has(code);
    super(`AWS says: ${code}: ${words}`, { willPass, isThrottled: throttling.test(code) });
    this.code = code;
    this.words = words;
  }
}

const throttling =
  /^(?:RequestLimitExceeded|ClientRequestLimitExceeded|Throttl(?:ing|ed|edException|ingException)|EC2ThrottledException|RequestThrottled(?:Exception)?|TooManyRequestsException|SlowDown)$/;

/** What has nothing to do with how it was asked: room that others give back, and what is not known everywhere yet. */
const passing = new Set([
  'InsufficientAddressCapacity',
  'InsufficientCapacity',
  'InsufficientFreeAddressesInSubnet',
  'InsufficientHostCapacity',
  'InsufficientInstanceCapacity',
  'InstanceLimitExceeded',
  'InternalError',
  'InternalFailure',
  'PriorRequestNotComplete',
  'RequestExpired',
  'ResourceCountExceeded',
  'ServiceUnavailable',
  'Unavailable',
  'VcpuLimitExceeded',
]);

interface SdkError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

/** @param where what could not be reached, where nothing answered */
export function toCloudError(error: unknown, where: string): CloudError {
  if (error instanceof CloudError) return error;
  const { name, code, message, $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  // What is no XML came from a proxy, or from what is no AWS at all.
  if (status !== undefined && error instanceof SyntaxError)
    return new AwsError(String(status), 'the answer is not one of AWS', status);
  if (status !== undefined) return new AwsError(name, withoutCipher(message), status);
  if (name === 'CredentialsProviderError')
    return new CloudError(`The process has no identity of AWS: ${message}`, { willPass: false });
  const willPass =
    !(error instanceof PrivateAddressError) && !/CERT|SELF_SIGNED|ALTNAME/.test(code ?? '');
  return new CloudError(`AWS cannot be reached at ${where}: ${message || code}.`, { willPass });
}

/** AWS adds why in a cipher that only its owner can ask it to open, of a thousand characters. */
function withoutCipher(message: string): string {
  return message.replace(/\s*Encoded authorization failure message:.*$/s, '').trim();
}

/** @returns nothing where AWS has no such thing, which is what one of the codes says */
export async function orAbsent<Found>(
  answer: Promise<Found>,
  codes: RegExp,
): Promise<Found | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AwsError && codes.test(error.code)) return undefined;
    throw error;
  }
}
