import type { ReactNode } from 'react';

import { ViewSwitch } from '../../components/lists/ViewSwitch.tsx';

const views = [
  { value: '', label: 'Versions' },
  { value: 'images', label: 'Images' },
] as const;
/** Of single images alone: versions are what is here now. */
const viewsOfImages = [...views, { value: 'then', label: 'Earlier' }] as const;
type View = (typeof viewsOfImages)[number]['value'];

interface ImageViewsProps {
  value: View;
  onChange: (view: View) => void;
  children: ReactNode;
}

/** Versions, single images, or those of an earlier moment, with the file and the columns of what is shown. */
export function ImageViews({ value, onChange, children }: ImageViewsProps) {
  return (
    <ViewSwitch<View>
      label="Show"
      views={value === '' ? views : viewsOfImages}
      value={value}
      onChange={onChange}
    >
      {children}
    </ViewSwitch>
  );
}
