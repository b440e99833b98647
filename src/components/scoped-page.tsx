import type { ComponentType } from 'react';

import { useScope } from '../hooks/use-scope.ts';
import { scopePath } from '../util/paths.ts';
import type { PathScope } from '../util/paths.ts';

/** A page of the scope that the address names, begun anew at another. */
export function scopedPage(Content: ComponentType<{ at: PathScope }>): ComponentType {
  return function ScopedPage() {
    const at = useScope();
    return <Content key={scopePath(at)} at={at} />;
  };
}
