import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { Session } from '#contract/organisation/scopes.ts';

import { enterSession, sessionQuery } from './session.ts';

const session: Session = {
  user: { id: 1, email: 'ana@example.com', name: 'Ana' },
  grants: [],
  empty: false,
};

describe('signing in', () => {
  it('is not undone by an answer to what was asked before', async () => {
    const client = new QueryClient();
    const late = Promise.withResolvers<null>();
    const asked = client
      .fetchQuery({ ...sessionQuery, queryFn: () => late.promise })
      .catch(() => 'called off');
    await enterSession(client, session);
    late.resolve(null);
    await asked;
    expect(client.getQueryData(sessionQuery.queryKey)).toEqual(session);
  });
});
