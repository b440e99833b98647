import type { ApiKey } from '#contract/people/api-keys.ts';
import type { Passkey } from '#contract/people/passkeys.ts';
import type { UserKey } from '#contract/people/user-keys.ts';
import type { ApiKeyRow } from '../../database/queries/people/api-keys.ts';
import type { PasskeyRow } from '../../database/queries/people/passkeys.ts';
import type { UserKeyRow } from '../../database/queries/people/user-keys.ts';
import type { Recorded } from '../log-entry.ts';
import { toPlace } from '../present.ts';

/** A key as its user sees it. */
export function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    ...toPlace(row),
    id: row.id,
    name: row.name,
    active: row.active,
    readOnly: row.read_only,
    expires: row.expires_at?.toISOString() ?? null,
    created: row.created_at.toISOString(),
    lastUsed: row.last_used_at?.toISOString() ?? null,
    lastUsedFrom: row.last_used_from,
    version: row.version,
  };
}

/** A key as the log keeps it. */
export function toRecordedKey(row: ApiKeyRow): Recorded<'apiKey'> {
  return { ...toApiKey(row), user: { id: row.user_id } };
}

/** A key as administrators of a scope see it. */
export function toUserKey(row: UserKeyRow): UserKey {
  return {
    ...toApiKey(row),
    user: { id: row.user_id, name: row.user_name, email: row.user_email },
    reachesBeyond: row.reaches_beyond,
  };
}

/** A passkey as its user sees it. */
export function toPasskey(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    name: row.name,
    host: row.rp_id,
    synced: row.synced,
    created: row.created_at.toISOString(),
    lastUsed: row.last_used_at?.toISOString() ?? null,
    version: row.version,
  };
}

/** A passkey as the log keeps it. */
export function toRecordedPasskey(row: PasskeyRow): Recorded<'passkey'> {
  const { lastUsed: _, ...passkey } = toPasskey(row);
  return { ...passkey, user: { id: row.user_id } };
}
