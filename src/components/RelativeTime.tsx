import { useNow } from '../hooks/use-now.ts';
import { formatRelativeTime } from '../util/format.ts';

import { exactTimeTip } from './tip.ts';

interface RelativeTimeProps {
  /** ISO 8601, as the wire has it. */
  at: string | null | undefined;
  /** Shown when there is no time yet. */
  never?: string;
  /** `3mo ago` instead of `3 months ago`, for tables with many columns. */
  isShort?: boolean;
}

/** A time as people say it; the exact one with its zone on hover or focus. */
export function RelativeTime({ at, never = 'never', isShort = false }: RelativeTimeProps) {
  const now = useNow();
  if (at === null || at === undefined) return <span className="dim">{never}</span>;
  const time = new Date(at);
  return (
    // The exact time must be reachable without a mouse.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <time dateTime={at} className="nowrap" tabIndex={0} {...exactTimeTip}>
      {formatRelativeTime(time, now, isShort)}
    </time>
  );
}
