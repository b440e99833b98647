import { type Scope, type ScopeRef, scopeLabel } from '#contract/scope.ts';
import { isVisibleFrom, type ScopedRow } from '../scopes.ts';

/** Another registration of the same cloud image that is deprecated. */
export interface OtherDeprecation extends ScopedRow {
  id: string;
  name: string;
  scope: Scope;
  /** ISO 8601. */
  at: string;
  by: string;
  reason: string | null;
}

/** What decides whether an image is deprecated somewhere. */
export interface Deprecatable {
  deprecated_at: Date | null;
  other_deprecations: readonly OtherDeprecation[];
}

/**
 * The deprecated registration that makes an image deprecated at a scope although it is not itself: another
 * one of its cloud image that is seen there (docs/domain.md, "One machine image, several registrations").
 */
export function findDeprecationElsewhere(
  image: Pick<Deprecatable, 'other_deprecations'>,
  at: ScopeRef,
): OtherDeprecation | undefined {
  return image.other_deprecations.find((other) => isVisibleFrom(other, at));
}

/** Whether an image is deprecated for those at a scope: it is, or another registration that is seen there. */
export function isDeprecatedAt(image: Deprecatable, at: ScopeRef): boolean {
  return image.deprecated_at !== null || findDeprecationElsewhere(image, at) !== undefined;
}

/** `is deprecated`, and where that is so if it is not the image itself. */
export function deprecatedWords(image: Deprecatable, at: ScopeRef): string {
  const elsewhere = image.deprecated_at ? undefined : findDeprecationElsewhere(image, at);
  if (!elsewhere) return 'is deprecated';
  return `is deprecated: the same cloud image is deprecated at ${scopeLabel[elsewhere.scope]} scope, as "${elsewhere.name}"`;
}
