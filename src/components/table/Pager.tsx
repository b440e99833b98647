import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useLocation } from 'react-router';
import type { Pagination } from '#contract/envelope.ts';

import { formatQuantity } from '../../util/format.ts';
import { cursorOf, pageSizes } from '../../util/search-params.ts';

import { ActionButton } from '../actions/ActionButton.tsx';
import classes from './Pager.module.css';
import { Soon } from '../Soon.tsx';

interface PagerProps {
  /** Of the answer that is shown, or undefined before the first. */
  pagination: Pagination | undefined;
  /** What is listed, in the singular. */
  noun: string;
  pageSize: number;
  onPageSize: (pageSize: number) => void;
}

/** The address of another page of this list. */
function usePageAddress(): (cursor: string) => string {
  const { pathname, search } = useLocation();
  return (cursor) => {
    const params = new URLSearchParams(search);
    if (cursor === '') params.delete('cursor');
    else params.set('cursor', cursor);
    const text = params.toString();
    return text === '' ? pathname : `${pathname}?${text}`;
  };
}

/** `260 images`, or `1,000+ images` where counting stopped. */
export function totalWords(pagination: Pagination | undefined, noun: string): string | undefined {
  if (pagination?.total === undefined) return undefined;
  return formatQuantity(pagination.total, noun, { capped: pagination.totalCapped ?? false });
}

/** Previous and Next as links (they open in new tabs), how many there are, and rows per page. */
export function Pager({ pagination, noun, pageSize, onPageSize }: PagerProps) {
  const addressOf = usePageAddress();
  const { search } = useLocation();
  const isFirst = !new URLSearchParams(search).has('cursor');
  const previous = cursorOf(pagination?.prev) ?? (isFirst ? undefined : '');
  const next = cursorOf(pagination?.next);
  return (
    <nav className={classes['pager']} aria-label="Pages">
      <span>{totalWords(pagination, noun)}</span>
      <Soon>
        <label className={classes['size']}>
          Rows per page
          <select value={pageSize} onChange={(event) => onPageSize(Number(event.target.value))}>
            {pageSizes.map((size) => (
              <option key={size}>{size}</option>
            ))}
          </select>
        </label>
        <span className={classes['steps']}>
          <ActionButton
            size="xs"
            icon={<IconChevronLeft size={16} aria-hidden />}
            to={previous === undefined ? undefined : addressOf(previous)}
            disabledReason={previous === undefined ? 'This is the first page.' : undefined}
          >
            {pagination?.prev === null && !isFirst ? 'First page' : 'Previous'}
          </ActionButton>
          <ActionButton
            size="xs"
            icon={<IconChevronRight size={16} aria-hidden />}
            to={next === undefined ? undefined : addressOf(next)}
            disabledReason={next === undefined ? 'This is the last page.' : undefined}
          >
            Next
          </ActionButton>
        </span>
      </Soon>
    </nav>
  );
}
