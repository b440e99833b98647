import type { RouteObject } from 'react-router';

import { PageSkeleton } from './components/PageSkeleton.tsx';
import { RootLayout } from './layouts/RootLayout.tsx';
import { PageNotFound, RouteError } from './layouts/RouteError.tsx';
import { Component as ImagesPage, loader as imagesLoader } from './pages/images/ImagesPage.tsx';
import { fetchWhenIdle } from './util/lazy-part.ts';
import {
  homePath,
  pagePatterns,
  profilePath,
  scopePatterns,
  signInPath,
  welcomePath,
} from './util/paths.ts';

const imagePage = () => import('./pages/images/ImagePage.tsx');
fetchWhenIdle(imagePage);

/**
 * The pages that exist at every scope: modules that export `Component` and, to fetch before it
 * renders, `loader`. The list of images is where people land, and comes with the frame; every other
 * page is a chunk of its own.
 */
const scopedPages: RouteObject[] = [
  { path: pagePatterns.images, loader: imagesLoader, Component: ImagesPage },
  { path: pagePatterns.newImage, lazy: () => import('./pages/images/RegisterImagePage.tsx') },
  { path: pagePatterns.image, lazy: imagePage },
  { path: pagePatterns.imageSet, lazy: () => import('./pages/image-sets/ImageSetPage.tsx') },
  { path: pagePatterns.roles, lazy: () => import('./pages/roles/RolesPage.tsx') },
  { path: pagePatterns.newRole, lazy: () => import('./pages/roles/NewRolePage.tsx') },
  { path: pagePatterns.role, lazy: () => import('./pages/roles/RolePage.tsx') },
  { path: pagePatterns.farms, lazy: () => import('./pages/farms/FarmsPage.tsx') },
  { path: pagePatterns.farm, lazy: () => import('./pages/farms/FarmPage.tsx') },
  { path: pagePatterns.servers, lazy: () => import('./pages/servers/ServersPage.tsx') },
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
