import { AddressLimit } from './address-limit.ts';

/** What anybody may do without being known, and is limited by address. */
export interface StrangerLimits {
  signIns: AddressLimit;
  wrongSignatures: AddressLimit;
  documents: AddressLimit;
}

/** @param perMinute of each kind and address; 0 is no limit */
export function limitStrangers(perMinute: number): StrangerLimits {
  return {
    signIns: new AddressLimit(perMinute, 'Too many attempts to sign in came from your address.'),
    wrongSignatures: new AddressLimit(
      perMinute,
      'Too many requests with wrong signatures came from your address.',
    ),
    documents: new AddressLimit(perMinute, 'Too many documents were sent to your address.'),
  };
}
