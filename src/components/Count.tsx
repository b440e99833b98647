import { Link } from 'react-router';

import { formatCount, formatQuantity } from '../util/format.ts';

interface CountProps {
  value: number | undefined;
  /** The server stopped counting here. */
  capped?: boolean;
  /** What is counted, in the singular: completes the accessible name of a link. */
  noun: string;
  to?: string | undefined;
  /** Writes the noun out: `12 roles`. */
  withNoun?: boolean;
}

/** A number in tabular figures; a link to what it counts unless it is zero. */
export function Count({ value, capped = false, noun, to, withNoun = false }: CountProps) {
  if (value === undefined) return <span className="dim">–</span>;
  const words = formatQuantity(value, noun, { capped });
  const text = withNoun ? words : formatCount(value, capped);
  if (value === 0) return <span className="dim">{text}</span>;
  if (to === undefined) return <span>{text}</span>;
  return (
    <Link to={to} aria-label={words}>
      {text}
    </Link>
  );
}
