import type {
  CloudCredentials,
  CloudCredentialsInput,
  recordedMembers,
  secretMemberNames,
} from '#contract/clouds/cloud-credentials.ts';
import type { Refusal } from '../refusal.ts';

/** The members of credentials that say where the cloud is; each type has its own. */
export type CredentialsSettings = Pick<CloudCredentials, keyof typeof recordedMembers>;

/** What is to be kept of credentials. */
export interface CredentialsPlan {
  settings: CredentialsSettings;
  /** The secrets to keep instead of what is there; null for none, undefined leaves them. */
  secrets: Pick<CloudCredentialsInput, (typeof secretMemberNames)[number]> | null | undefined;
}

/** What is said of a member after a change, which leaves what it does not name. */
export function pick<T>(given: T | null | undefined, before: T | null | undefined): T | null {
  return given === undefined ? (before ?? null) : given;
}

/** A member that cannot be so. */
export function invalid(field: string, reason: string): Refusal {
  return { code: 'InvalidValue', field, reason };
}
