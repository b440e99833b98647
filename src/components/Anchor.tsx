import { useImperativeHandle } from 'react';
import type { Ref } from 'react';

interface AnchorProps {
  element: HTMLElement;
  ref?: Ref<HTMLElement>;
}

/** Stands in for an element that is elsewhere on the page, as the target of what floats at it. */
export function Anchor({ element, ref }: AnchorProps) {
  useImperativeHandle(ref, () => element, [element]);
  return null;
}
