import { ApiError } from '#contract/errors.ts';
import { checkLiteralHost, PrivateAddressError } from '../../contact/private-addresses.ts';
import type { Context } from '../context.ts';

const setting = 'CLOUD_ALLOW_PRIVATE';

/**
 * What can be seen to lead into the network of Slipway itself is not even kept; a name may lead there later, so
 * addresses are looked at again when the cloud is called.
 * @throws ApiError InvalidValue
 */
export function demandAllowedAddress(
  { clouds }: Context,
  field: string,
  address: string | null | undefined,
): void {
  if (address == null || clouds.allowsPrivate) return;
  const { protocol, hostname } = new URL(address);
  if (protocol !== 'https:')
    throw invalid(field, `${field} must be https://. ${setting} allows http.`);
  try {
    checkLiteralHost(hostname, setting);
  } catch (error) {
    throw error instanceof PrivateAddressError ? invalid(field, error.message) : error;
  }
}

function invalid(field: string, message: string): ApiError {
  return new ApiError('InvalidValue', message, { field });
}
