import type { Image } from '#contract/images/images.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Role } from '#contract/roles/roles.ts';
import type { ImageRow } from '../database/queries/images/images.ts';
import type { RoleRow } from '../database/queries/roles/roles.ts';
import { findDeprecationElsewhere } from '../domain/images/deprecations.ts';
import type { Recorded } from './log-entry.ts';

interface PlaceRow {
  scope: Image['scope'];
  account_id: number | null;
  environment_id: number | null;
  account_name: string | null;
  environment_name: string | null;
}

/** A scope with its names, as every scoped resource shows it. */
export function toPlace(row: PlaceRow) {
  return {
    scope: row.scope,
    accountId: row.account_id,
    envId: row.environment_id,
    accountName: row.account_name,
    envName: row.environment_name,
  };
}

interface DeprecationRow<Id> {
  deprecated_at: Date | null;
  deprecated_by: string | null;
  deprecation_reason: string | null;
  deprecation_replacement_id: Id | null;
  deprecation_replacement_name: string | null;
  usable_successor: { id: Id; name: string } | null;
}

/** Whether an image or a role is deprecated, and if so why and what to use instead. */
function toDeprecation<Id extends string | number>(row: DeprecationRow<Id>) {
  const { deprecated_at: at, deprecation_replacement_id: successor } = row;
  return {
    deprecated: at !== null,
    deprecation: at && {
      at: at.toISOString(),
      by: row.deprecated_by ?? '',
      reason: row.deprecation_reason,
      replacement:
        successor === null ? null : { id: successor, name: row.deprecation_replacement_name ?? '' },
      useInstead: row.usable_successor,
    },
  };
}

/** An image as the log keeps it: what does not depend on who looks, and from where. */
export function toImage(row: ImageRow): Recorded<'image'> {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    ...toPlace(row),
    cloudPlatform: row.cloud_platform,
    cloudLocation: row.cloud_location,
    cloudImageId: row.cloud_image_id,
    os: { id: row.os_id },
    osName: row.os_name,
    architecture: row.architecture,
    size: row.size_gb,
    type: row.type,
    source: row.source,
    status: row.status,
    statusError: row.status_error,
    checked: row.checked_at?.toISOString() ?? null,
    scalrAgentInstalled: row.scalr_agent_installed,
    cloudInitInstalled: row.cloud_init_installed,
    added: row.added_at.toISOString(),
    lastUsed: row.last_used_at?.toISOString() ?? null,
    createdBy: row.created_by,
    ...toDeprecation(row),
    protection: row.protected_at && {
      at: row.protected_at.toISOString(),
      by: row.protected_by ?? '',
      reason: row.protection_reason,
    },
    version: row.version,
  };
}

/** The deprecation of another registration that makes the image deprecated at a scope. */
function toDeprecationElsewhere(row: ImageRow, at: ScopeRef): Image['deprecationElsewhere'] {
  const other = findDeprecationElsewhere(row, at);
  if (!other) return null;
  const { id, name, scope, account_id: accountId, environment_id: envId } = other;
  return {
    image: { id, name, scope, accountId, envId },
    at: new Date(other.at).toISOString(),
    by: other.by,
    reason: other.reason,
  };
}

/** The wire form of an image as it is seen from a scope. */
export function toImageAt(row: ImageRow, at: ScopeRef): Image {
  return { ...toImage(row), deprecationElsewhere: toDeprecationElsewhere(row, at) };
}

/** The wire form of a role, without the members that must be asked for. */
export function toRole(row: RoleRow): Role {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    ...toPlace(row),
    category: { id: row.category_id },
    categoryName: row.category_name,
    os: { id: row.os_id },
    osName: row.os_name,
    quickStart: row.quick_start,
    useScalrAgent: row.use_scalr_agent,
    builtinAutomation: row.builtin_automation,
    added: row.added_at.toISOString(),
    lastUsed: row.last_used_at?.toISOString() ?? null,
    createdBy: row.created_by,
    ...toDeprecation(row),
    version: row.version,
  };
}

/** The wire form of the link between a role and one of its images. */
export function toRoleImage(role: { id: number }, image: { id: string }) {
  return { image: { id: image.id }, role: { id: role.id } };
}
