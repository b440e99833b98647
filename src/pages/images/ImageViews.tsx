import type { ReactNode } from 'react';

import { ViewSwitch } from '../../components/lists/ViewSwitch.tsx';

const views = [
  { value: '', label: 'Versions' },
  { value: 'images', label: 'Images' },
  { value: 'then', label: 'Earlier' },
] as const;
type View = (typeof views)[number]['value'];

interface ImageViewsProps {
  value: View;
  onChange: (view: View) => void;
  children: ReactNode;
}

/** Versions, single images, or those of an earlier moment, with the file and the columns of what is shown. */
export function ImageViews({ value, onChange, children }: ImageViewsProps) {
  return (
    <ViewSwitch label="Show" views={views} value={value} onChange={onChange}>
      {children}
    </ViewSwitch>
  );
}
