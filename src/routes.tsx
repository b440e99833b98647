import { replace } from 'react-router';
import type { LoaderFunction, RouteObject, ShouldRevalidateFunction } from 'react-router';

import { PageSkeleton } from './components/PageSkeleton.tsx';
import { RootLayout } from './layouts/RootLayout.tsx';
import { PageNotFound, RouteError } from './layouts/RouteError.tsx';
import { Component as ImagesPage, loader as imagesLoader } from './pages/images/ImagesPage.tsx';
import { loadCode } from './util/code.ts';
import { wasTakenAway } from './util/gone.ts';
import { fetchWhenIdle } from './util/lazy-part.ts';
import {
  homePath,
  pagePatterns,
  profilePath,
  scopePatterns,
  signInPath,
  unsubscribePath,
  welcomePath,
} from './util/paths.ts';
import { withoutDialog } from './util/search-params.ts';

/** A page whose code is fetched when it is turned to. */
function page<Module>(load: () => Promise<Module>): () => Promise<Module> {
  return () => loadCode(load);
}

const imagePage = page(() => import('./pages/images/ImagePage.tsx'));
fetchWhenIdle(imagePage);

/**
 * The pages that exist at every scope: modules that export `Component` and, to fetch before it
 * renders, `loader`. The list of images is where people land, and comes with the frame; every other
 * page is a chunk of its own.
 */
const scopedPages: RouteObject[] = [
  { path: pagePatterns.images, loader: imagesLoader, Component: ImagesPage },
  { path: pagePatterns.newImage, lazy: page(() => import('./pages/images/RegisterImagePage.tsx')) },
  { path: pagePatterns.image, lazy: imagePage },
  {
    path: pagePatterns.imageSet,
    lazy: page(() => import('./pages/image-sets/ImageSetPage.tsx')),
  },
  { path: pagePatterns.roles, lazy: page(() => import('./pages/roles/RolesPage.tsx')) },
  { path: pagePatterns.newRole, lazy: page(() => import('./pages/roles/NewRolePage.tsx')) },
  { path: pagePatterns.role, lazy: page(() => import('./pages/roles/RolePage.tsx')) },
  { path: pagePatterns.farms, lazy: page(() => import('./pages/farms/FarmsPage.tsx')) },
  { path: pagePatterns.newFarm, lazy: page(() => import('./pages/farms/NewFarmPage.tsx')) },
  { path: pagePatterns.farm, lazy: page(() => import('./pages/farms/FarmPage.tsx')) },
  { path: pagePatterns.editFarm, lazy: page(() => import('./pages/farms/EditFarmPage.tsx')) },
  { path: pagePatterns.servers, lazy: page(() => import('./pages/servers/ServersPage.tsx')) },
  { path: pagePatterns.server, lazy: page(() => import('./pages/servers/ServerPage.tsx')) },
  { path: pagePatterns.usage, lazy: page(() => import('./pages/usage/UsagePage.tsx')) },
  {
    path: pagePatterns.replacements,
    lazy: page(() => import('./pages/replacements/ReplacementsPage.tsx')),
  },
  {
    path: pagePatterns.replacement,
    lazy: page(() => import('./pages/replacements/ReplacementPage.tsx')),
  },
  { path: pagePatterns.rollouts, lazy: page(() => import('./pages/rollouts/RolloutsPage.tsx')) },
  { path: pagePatterns.policies, lazy: page(() => import('./pages/policies/PoliciesPage.tsx')) },
  { path: pagePatterns.policy, lazy: page(() => import('./pages/policies/PolicyPage.tsx')) },
  { path: pagePatterns.clouds, lazy: page(() => import('./pages/clouds/CloudsPage.tsx')) },
  {
    path: pagePatterns.cloudImages,
    lazy: page(() => import('./pages/inventory/CloudImagesPage.tsx')),
  },
  { path: pagePatterns.rollout, lazy: page(() => import('./pages/rollouts/RolloutPage.tsx')) },
  { path: pagePatterns.people, lazy: page(() => import('./pages/people/PeoplePage.tsx')) },
  { path: pagePatterns.user, lazy: page(() => import('./pages/people/UserPage.tsx')) },
  { path: pagePatterns.teams, lazy: page(() => import('./pages/people/TeamsPage.tsx')) },
  { path: pagePatterns.team, lazy: page(() => import('./pages/people/TeamPage.tsx')) },
  { path: pagePatterns.signIns, lazy: page(() => import('./pages/people/SignInsPage.tsx')) },
  { path: pagePatterns.keys, lazy: page(() => import('./pages/keys/KeysPage.tsx')) },
  { path: pagePatterns.activity, lazy: page(() => import('./pages/activity/ActivityPage.tsx')) },
];

/** A dialog that opens or closes changes the address, but nothing that the page behind it has read. */
const shouldRevalidate: ShouldRevalidateFunction = ({
  currentUrl,
  nextUrl,
  defaultShouldRevalidate,
}) =>
  currentUrl.href === nextUrl.href || withoutDialog(currentUrl) !== withoutDialog(nextUrl)
    ? defaultShouldRevalidate
    : false;

/** Nothing is left below a scope that was deleted. */
const leaveGoneScope: LoaderFunction = ({ params: { accountId, environmentId: envId } }) =>
  wasTakenAway({ accountId, envId }) ? replace(homePath) : null;

/** The route table. Patterns come from util/paths.ts. */
export const routes: RouteObject[] = [
  {
    Component: RootLayout,
    children: [
      {
        ErrorBoundary: RouteError,
        HydrateFallback: PageSkeleton,
        children: [
          ...Object.values(scopePatterns).map((path) => ({
            path,
            loader: leaveGoneScope,
            children: scopedPages.map((route) => ({ ...route, shouldRevalidate }) as RouteObject),
          })),
          { path: homePath, lazy: page(() => import('./pages/home/HomePage.tsx')) },
          { path: signInPath, lazy: page(() => import('./pages/sign-in/SignInPage.tsx')) },
          {
            path: unsubscribePath,
            lazy: page(() => import('./pages/unsubscribe/UnsubscribePage.tsx')),
          },
          { path: profilePath, lazy: page(() => import('./pages/profile/ProfilePage.tsx')) },
          { path: welcomePath, lazy: page(() => import('./pages/welcome/WelcomePage.tsx')) },
          { path: '*', Component: PageNotFound },
        ],
      },
    ],
  },
];
