import { CloseButton } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';

import { currentToasts, dismissToast, onToastsChange } from '../util/announce.ts';
import type { Toast } from '../util/announce.ts';

import classes from './Toaster.module.css';

const shownMs = 7000;

function ToastItem({ toast }: { toast: Toast }) {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return undefined;
    const timer = window.setTimeout(() => dismissToast(toast.id), shownMs);
    return () => window.clearTimeout(timer);
  }, [toast.id, isHeld]);
  return (
    <div
      className={`${classes['toast']} ${toast.tone === 'danger' ? classes['danger'] : ''}`}
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
    >
      <span className={classes['message']}>{toast.message}</span>
      <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismissToast(toast.id)} />
    </div>
  );
}

/** Shows what was announced. Mounted once; the region is always there, so that it is read out. */
export function Toaster() {
  const toasts = useSyncExternalStore(onToastsChange, currentToasts);
  return (
    <section className={classes['list']} aria-label="Announcements" aria-live="polite">
      {toasts.map((toast) => (
        <ToastItem key={toast.id} toast={toast} />
      ))}
    </section>
  );
}
