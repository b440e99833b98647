import type { RouteObject } from 'react-router';

import { PageSkeleton } from './components/PageSkeleton.tsx';
import { RootLayout } from './layouts/RootLayout.tsx';
import { PageNotFound, RouteError } from './layouts/RouteError.tsx';
import {
  homePath,
  pagePatterns,
  profilePath,
  scopePatterns,
  signInPath,
  welcomePath,
} from './util/paths.ts';

/**
 * The pages that exist at every scope. Each is a chunk of its own: its module exports `Component`
 * and, to fetch before it renders, `loader`.
 */
const scopedPages: RouteObject[] = [
  { path: pagePatterns.images, lazy: () => import('./pages/images/ImagesPage.tsx') },
  { path: pagePatterns.newImage, lazy: () => import('./pages/images/RegisterImagePage.tsx') },
  { path: pagePatterns.image, lazy: () => import('./pages/images/ImagePage.tsx') },
  { path: pagePatterns.roles, lazy: () => import('./pages/roles/RolesPage.tsx') },
  { path: pagePatterns.newRole, lazy: () => import('./pages/roles/NewRolePage.tsx') },
  { path: pagePatterns.role, lazy: () => import('./pages/roles/RolePage.tsx') },
  { path: pagePatterns.farms, lazy: () => import('./pages/farms/FarmsPage.tsx') },
  { path: pagePatterns.farm, lazy: () => import('./pages/farms/FarmPage.tsx') },
  { path: pagePatterns.usage, lazy: () => import('./pages/usage/UsagePage.tsx') },
  {
    path: pagePatterns.replacements,
    lazy: () => import('./pages/replacements/ReplacementsPage.tsx'),
  },
  {
    path: pagePatterns.replacement,
    lazy: () => import('./pages/replacements/ReplacementPage.tsx'),
  },
];

/** The route table. Patterns come from util/paths.ts. */
export const routes: RouteObject[] = [
  {
    Component: RootLayout,
    children: [
      {
        ErrorBoundary: RouteError,
        HydrateFallback: PageSkeleton,
        children: [
          ...Object.values(scopePatterns).map((path) => ({ path, children: scopedPages })),
          { path: homePath, lazy: () => import('./pages/home/HomePage.tsx') },
          { path: signInPath, lazy: () => import('./pages/sign-in/SignInPage.tsx') },
          { path: profilePath, lazy: () => import('./pages/profile/ProfilePage.tsx') },
          { path: welcomePath, lazy: () => import('./pages/welcome/WelcomePage.tsx') },
          { path: '*', Component: PageNotFound },
        ],
      },
    ],
  },
];
