import './util/no-eval.ts';

import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';

import './styles/fonts.css';
import './styles/mantine.css';
import './styles/base.css';
import { isServerThere } from './api/connection.ts';
import { followOtherTabs, sessionQuery } from './api/session.ts';
import { Toaster } from './components/Toaster.tsx';
import { queryClient } from './query-client.ts';
import { routes } from './routes.tsx';
import { cssVariablesResolver, theme } from './theme.ts';
import { basePath } from './util/base-path.ts';
import { probeWith } from './util/connection.ts';
import { firstAnswers } from './util/first-answers.ts';
import { prefetchLinks } from './util/prefetch-links.ts';

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');

/** Shorter than an empty page is noticed. */
const patienceMs = 300;

probeWith(isServerThere);
prefetchLinks(routes);
void queryClient.prefetchQuery(sessionQuery);
followOtherTabs(queryClient);
// The loaders of the page ask at once.
const router = createBrowserRouter(routes, { basename: basePath === '' ? '/' : basePath });
void firstAnswers(queryClient, patienceMs).then(() =>
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        defaultColorScheme="auto"
        deduplicateCssVariables={false}
      >
        <QueryClientProvider client={queryClient}>
          <Toaster />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  ),
);
