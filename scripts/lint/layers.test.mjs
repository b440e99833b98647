import { describe, expect, test } from 'vitest';
import { refusalOf } from './layers.mjs';

/** What each layer may and may not import: the file, then what it imports; a star before types alone. */
const cases = [
  [
    'contract/images/images.ts',
    ['zod', '../scope.ts'],
    ['kysely', 'node:crypto', 'zod/v4', '../../server/perform.ts', '../../src/util/paths.ts'],
  ],
  [
    'server/domain/images/images.ts',
    ['#contract/scope.ts', '../scopes.ts'],
    [
      'node:crypto',
      'zod',
      '../../auth/grants.ts',
      '../../database/schema.ts',
      '#server/perform.ts',
    ],
  ],
  [
    'server/database/queries/images/images.ts',
    ['kysely', '#contract/scope.ts', '../../connection/errors.ts', '*../../../domain/scopes.ts'],
    [
      '../../../domain/scopes.ts',
      '../../../auth/grants.ts',
      '../../../services/context.ts',
      '../../../perform.ts',
      '../../../testing/app.ts',
    ],
  ],
  [
    'server/database/connection/locks.ts',
    ['pg', '../schema.ts'],
    ['../../services/context.ts', '../../http/errors.ts', '../../cli/main.ts'],
  ],
  [
    'server/auth/sessions.ts',
    ['node:crypto', '../database/queries/people/sessions.ts', '../domain/rights.ts'],
    ['kysely', '../services/context.ts', '../http/cookies.ts', '../perform.ts'],
  ],
  [
    'server/services/images/images.ts',
    [
      '../context.ts',
      '../../domain/images.ts',
      '../../database/queries/images/images.ts',
      '*kysely',
    ],
    [
      'kysely',
      'pg',
      '../../auth/sessions.ts',
      '../../http/answer.ts',
      '../../fleet/loops.ts',
      '../../cloud/port.ts',
      '../../perform.ts',
      '../../testing/app.ts',
    ],
  ],
  [
    'server/services/people/sessions.ts',
    ['../../auth/sessions.ts', '../context.ts'],
    ['kysely', '../../http/cookies.ts'],
  ],
  ['server/services/handlers.ts', ['./people/sessions.ts'], ['../auth/sessions.ts', '../app.ts']],
  [
    'server/perform.ts',
    [
      './answer-once.ts',
      './services/handlers.ts',
      './auth/authorise.ts',
      './database/connection/locks.ts',
    ],
    [
      'kysely',
      './http/routes.ts',
      './fleet/loops.ts',
      './cloud/port.ts',
      './domain/rights.ts',
      './app.ts',
    ],
  ],
  [
    'server/http/routes.ts',
    ['fastify', '../perform.ts', '../auth/authorise.ts', '#contract/errors.ts', '*../health.ts'],
    [
      '../database/connection/connection.ts',
      '*../database/connection/connection.ts',
      '../services/context.ts',
      '../domain/rights.ts',
      '../app.ts',
      '../testing/app.ts',
    ],
  ],
  [
    'server/fleet/loops.ts',
    [
      '../perform.ts',
      '../services/context.ts',
      '../cloud/port.ts',
      '../database/connection/locks.ts',
    ],
    ['kysely', '../http/answer.ts', '../cli/main.ts', '../auth/sessions.ts', '../testing/app.ts'],
  ],
  [
    'server/cli/main.ts',
    ['../perform.ts', '../env.ts', '../auth/secrets-key.ts'],
    [
      'kysely',
      '../http/answer.ts',
      '../fleet/loops.ts',
      '../domain/rights.ts',
      '../app.ts',
      '../testing/app.ts',
    ],
  ],
  [
    'server/cloud/port.ts',
    ['#contract/scope.ts'],
    ['../database/schema.ts', '../services/context.ts'],
  ],
  [
    'server/cloud/simulated.ts',
    ['./port.ts', './simulated/servers.ts', '../database/schema.ts'],
    ['../services/context.ts'],
  ],
  [
    'server/cloud/simulated/servers.ts',
    ['../servers.ts', '../../database/schema.ts'],
    ['kysely', '../../services/context.ts'],
  ],
  [
    'server/app.ts',
    ['./http/routes.ts', './env.ts', './database/connection/connection.ts'],
    ['kysely', './testing/app.ts', './domain/rights.ts', '../src/util/paths.ts'],
  ],
  [
    'server/testing/app.ts',
    ['../app.ts', 'kysely', '../domain/rights.ts'],
    ['../../src/util/paths.ts'],
  ],
  ['server/http/routes.test.ts', ['../testing/app.ts', 'kysely'], ['../../src/util/paths.ts']],
  [
    'src/util/paths.ts',
    ['#contract/scope.ts', './uuid.ts'],
    ['../hooks/use-now.ts', '../api/images.ts', '../components/tip.ts', '#server/perform.ts'],
  ],
  [
    'src/hooks/use-scope.ts',
    ['react', '../util/paths.ts', '*../components/table/table.ts'],
    [
      '../components/tip.ts',
      '../api/images.ts',
      '../layouts/Logo.tsx',
      '../pages/home/HomePage.tsx',
    ],
  ],
  [
    'src/api/images.ts',
    ['../util/paths.ts', '#contract/errors.ts'],
    ['../components/tip.ts', '../hooks/use-now.ts', '../pages/images/ImagePage.tsx'],
  ],
  [
    'src/components/table/DataTable.tsx',
    ['../tip.ts', '../../api/images.ts', '../../hooks/use-rest.ts'],
    ['../../layouts/Logo.tsx', '../../pages/images/ImagePage.tsx', '../../../server/perform.ts'],
  ],
  [
    'src/layouts/AppShell.tsx',
    ['../components/Soon.tsx'],
    ['../pages/home/HomePage.tsx', '#server/env.ts'],
  ],
  [
    'src/pages/images/ImagePage.tsx',
    ['./ImageFacts.tsx', '../../layouts/DetailLayout.tsx', '../../query-client.ts'],
    ['../roles/RolePage.tsx', '../../pages/roles/RolePage.tsx', '../../routes.tsx'],
  ],
  [
    'src/pages/images/bulk/Steps.tsx',
    ['../ImageFacts.tsx', '../../../util/paths.ts'],
    ['../../roles/RolePage.tsx'],
  ],
  ['src/routes.tsx', ['./pages/images/ImagePage.tsx'], ['../server/env.ts']],
  [
    'e2e/images.spec.ts',
    ['../src/util/paths.ts', '#server/testing/app.ts', '#contract/scope.ts'],
    ['../src/api/images.ts', '#server/perform.ts'],
  ],
  [
    'bench/page/main.ts',
    ['#server/testing/app.ts', 'pg', '../../src/util/paths.ts', '#server/database/invariants.ts'],
    ['#server/services/context.ts', '../../src/api/images.ts'],
  ],
];
const isTypes = (text) => text.startsWith('*');

describe.each(cases)('%s', (file, allowed, refused) => {
  test.each(allowed)('may import %s', (text) => {
    expect(refusalOf(file, text.replace(/^\*/, ''), isTypes(text))).toBeUndefined();
  });

  test.each(refused)('may not import %s', (text) => {
    expect(refusalOf(file, text.replace(/^\*/, ''), isTypes(text))).toContain(' may import ');
  });
});
