import type { RolePointer } from '#contract/roles/pointers.ts';

/** How a pointer stands: docs/domain.md, "Pointers". */
export function pointerState(pointer: {
  wanted: string | null;
  written: string | null;
  error: string | null;
  has_right: boolean;
}): RolePointer['state'] {
  if (!pointer.has_right) return 'stopped';
  if (pointer.error !== null) return 'failed';
  if (pointer.wanted === null) return 'removing';
  return pointer.wanted === pointer.written ? 'published' : 'publishing';
}
