import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';

import './styles/fonts.css';
import './styles/mantine.css';
import './styles/tokens.css';
import './styles/base.css';
import { Toaster } from './components/Toaster.tsx';
import { queryClient } from './query-client.ts';
import { routes } from './routes.tsx';
import { cssVariablesResolver, theme } from './theme.ts';
import { prefetchLinks } from './util/prefetch-links.ts';

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');

prefetchLinks(routes);
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
        <RouterProvider router={createBrowserRouter(routes)} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
