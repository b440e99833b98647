import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { ApiError } from '#contract/errors.ts';

/** @throws ApiError InvalidValue for what is no certificate, or a key that is none or another one's */
export function demandKeyPair(certificate: string, key: string): void {
  if (demandCertificate('clientCertificate', certificate).checkPrivateKey(parseKey(key))) return;
  throw invalid(
    'clientKey',
    'The key is not that of clientCertificate. Send the two that belong together.',
  );
}

/** @throws ApiError InvalidValue */
export function demandCertificate(field: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw invalid(
      field,
      `${field} is not a certificate: send it as PEM, from BEGIN CERTIFICATE on.`,
    );
  }
}

// Never with its cause: OpenSSL's words may quote what it read.
function parseKey(key: string): KeyObject {
  try {
    return createPrivateKey(key);
  } catch {
    throw invalid(
      'clientKey',
      'clientKey is not a private key: send it as PEM, without a passphrase.',
    );
  }
}

function invalid(field: string, message: string): ApiError {
  return new ApiError('InvalidValue', message, { field });
}
