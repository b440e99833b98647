import type { ErrorEnvelope, Pagination } from '#contract/envelope.ts';
import { emptyPagination } from '#contract/envelope.ts';
import type { ApiError } from '#contract/errors.ts';
import type { OperationId } from '#contract/operations.ts';
import type { Answer } from '../perform.ts';

type PageInfo = NonNullable<Answer<OperationId>['page']>;

/** Links are paths, as Scalr's are, and null when everything fits on one page. */
export function toPagination(page: PageInfo | undefined, url: string): Pagination {
  if (!page) return emptyPagination;
  const totals = {
    ...(page.total !== undefined && { total: page.total }),
    ...(page.totalCapped !== undefined && { totalCapped: page.totalCapped }),
  };
  const link = (name: 'cursor' | 'pageNum', target: string | number) => {
    const { pathname, searchParams } = new URL(url, 'http://slipway');
    searchParams.set(name, String(target));
    return `${pathname}?${searchParams.toString()}`;
  };
  if (page.kind === 'cursor') {
    const at = (cursor: string | null) => cursor && link('cursor', cursor);
    return { ...emptyPagination, next: at(page.next), prev: at(page.prev), ...totals };
  }
  const { pageNum, lastPage } = page;
  if (lastPage === 1 && pageNum === 1) return { ...emptyPagination, ...totals };
  return {
    first: link('pageNum', 1),
    last: link('pageNum', lastPage),
    prev: pageNum > 1 ? link('pageNum', Math.min(pageNum - 1, lastPage)) : null,
    next: pageNum < lastPage ? link('pageNum', pageNum + 1) : null,
    ...totals,
  };
}

/** Scalr's error envelope, with one error. */
export function toErrorEnvelope(error: ApiError, requestId: string): ErrorEnvelope {
  const { field, blockers, confirmBy, difference, passkey } = error.details;
  return {
    meta: { requestId },
    errors: [
      {
        code: error.code,
        message: error.message,
        ...(field !== undefined && { field }),
        ...(blockers && { blockers }),
        ...(confirmBy && { confirmBy }),
        ...(passkey && { passkey }),
        ...(difference && { difference }),
      },
    ],
  };
}
