import type { RouteObject } from 'react-router';

import { RootLayout } from './layouts/RootLayout.tsx';
import { PageNotFound, RouteError } from './layouts/RouteError.tsx';
import { homePath, scopePatterns, signInPath, welcomePath } from './util/paths.ts';

/**
 * The pages that exist at every scope. Each is a chunk of its own: its module exports `Component`
 * and, to fetch before it renders, `loader`.
 */
const scopedPages: RouteObject[] = [];

/** The route table. Patterns come from util/paths.ts. */
export const routes: RouteObject[] = [
  {
    Component: RootLayout,
    HydrateFallback: RootLayout,
    children: [
      {
        ErrorBoundary: RouteError,
        children: [
          ...Object.values(scopePatterns).map((path) => ({ path, children: scopedPages })),
          { path: homePath, lazy: () => import('./pages/home/HomePage.tsx') },
          { path: signInPath, lazy: () => import('./pages/sign-in/SignInPage.tsx') },
          { path: welcomePath, lazy: () => import('./pages/welcome/WelcomePage.tsx') },
          { path: '*', Component: PageNotFound },
        ],
      },
    ],
  },
];
