import { QueryClient } from '@tanstack/react-query';

/** Errors that asking again cannot change: the caller must change something first. */
function isFinal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('status' in error)) return false;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 && status !== 429;
}

/**
 * The one cache. Data counts as fresh for 10 s; after that a mounted page refreshes silently on focus.
 * Loaders use it before any component renders, so it lives outside React.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => !isFinal(error) && failures < 2,
    },
    mutations: { retry: false },
  },
});
