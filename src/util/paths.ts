/**
 * The only place that spells the addresses of pages. An address carries the scope, the object and,
 * as search parameters, the state of the page, so that any view can be linked, reloaded and shared.
 */

/** A scope as an address names it: an environment's id is enough. Every ScopeRef fits. */
export type PathScope =
  | { scope: 'scalr' }
  | { scope: 'account'; accountId: number }
  | { scope: 'environment'; environmentId: number };

/** Values for the query string; undefined, '' and false leave the parameter out. */
export type Search = Record<string, string | number | boolean | undefined>;

/** The pages that exist at every scope and stand in the navigation. */
export const sections = [
  'images',
  'roles',
  'farms',
  'usage',
  'replacements',
  'rollouts',
  'policies',
  'activity',
  'clouds',
  'people',
] as const;
export type Section = (typeof sections)[number];

/** Route patterns for the router, beside the functions that fill them in. */
export const scopePatterns = {
  scalr: '/corporate',
  account: '/accounts/:accountId',
  environment: '/environments/:environmentId',
} as const;

export const pagePatterns = {
  images: 'images',
  newImage: 'images/new',
  image: 'images/:imageId',
  imageSet: 'image-sets/:imageSetId',
  roles: 'roles',
  newRole: 'roles/new',
  role: 'roles/:roleId',
  farms: 'farms',
  newFarm: 'farms/new',
  farm: 'farms/:farmId',
  editFarm: 'farms/:farmId/edit',
  servers: 'servers',
  server: 'servers/:serverId',
  usage: 'usage',
  replacements: 'replacements',
  replacement: 'replacements/:replacementId',
  rollouts: 'rollouts',
  rollout: 'rollouts/:rolloutId',
  policies: 'policies',
  policy: 'policies/:policyId',
  activity: 'activity',
  clouds: 'clouds',
  people: 'people',
  user: 'people/:userId',
  teams: 'teams',
  team: 'teams/:teamId',
  signIns: 'sign-ins',
  keys: 'api-keys',
  cloudImages: 'cloud-images',
} as const;

export const signInPath = '/sign-in';
/** Where the links of mails lead that end what they were sent for. */
export const unsubscribePath = '/unsubscribe';
export const welcomePath = '/welcome';
export const profilePath = '/profile';
export const homePath = '/';

/** The address of a scope itself, without a trailing slash. */
export function scopePath(scope: PathScope): string {
  if (scope.scope === 'scalr') return '/corporate';
  if (scope.scope === 'account') return `/accounts/${scope.accountId}`;
  return `/environments/${scope.environmentId}`;
}

/** Appends the parameters that are set, in the order given. */
export function withSearch(path: string, search?: Search): string {
  // Every row of a list has several addresses, most without parameters.
  if (search === undefined) return path;
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== '' && value !== false) params.set(key, String(value));
  }
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}

function inScope(scope: PathScope, rest: string, search?: Search): string {
  return withSearch(`${scopePath(scope)}/${rest}`, search);
}

function idPart(id: string | number): string {
  return encodeURIComponent(String(id));
}

/** One function per page: `paths.image(scope, id, { dialog: 'promote' })`. */
export const paths = {
  section: (scope: PathScope, section: Section, search?: Search) => inScope(scope, section, search),
  images: (scope: PathScope, search?: Search) => inScope(scope, 'images', search),
  newImage: (scope: PathScope, search?: Search) => inScope(scope, 'images/new', search),
  image: (scope: PathScope, imageId: string, search?: Search) =>
    inScope(scope, `images/${idPart(imageId)}`, search),
  imageSet: (scope: PathScope, imageSetId: string | number, search?: Search) =>
    inScope(scope, `image-sets/${idPart(imageSetId)}`, search),
  roles: (scope: PathScope, search?: Search) => inScope(scope, 'roles', search),
  newRole: (scope: PathScope, search?: Search) => inScope(scope, 'roles/new', search),
  role: (scope: PathScope, roleId: string | number, search?: Search) =>
    inScope(scope, `roles/${idPart(roleId)}`, search),
  farms: (scope: PathScope, search?: Search) => inScope(scope, 'farms', search),
  newFarm: (scope: PathScope, search?: Search) => inScope(scope, 'farms/new', search),
  farm: (scope: PathScope, farmId: string | number, search?: Search) =>
    inScope(scope, `farms/${idPart(farmId)}`, search),
  editFarm: (scope: PathScope, farmId: string | number, search?: Search) =>
    inScope(scope, `farms/${idPart(farmId)}/edit`, search),
  servers: (scope: PathScope, search?: Search) => inScope(scope, 'servers', search),
  server: (scope: PathScope, serverId: string, search?: Search) =>
    inScope(scope, `servers/${idPart(serverId)}`, search),
  usage: (scope: PathScope, search?: Search) => inScope(scope, 'usage', search),
  replacements: (scope: PathScope, search?: Search) => inScope(scope, 'replacements', search),
  replacement: (scope: PathScope, replacementId: string | number, search?: Search) =>
    inScope(scope, `replacements/${idPart(replacementId)}`, search),
  rollouts: (scope: PathScope, search?: Search) => inScope(scope, 'rollouts', search),
  rollout: (scope: PathScope, rolloutId: string, search?: Search) =>
    inScope(scope, `rollouts/${idPart(rolloutId)}`, search),
  policies: (scope: PathScope, search?: Search) => inScope(scope, 'policies', search),
  policy: (scope: PathScope, policyId: string, search?: Search) =>
    inScope(scope, `policies/${idPart(policyId)}`, search),
  activity: (scope: PathScope, search?: Search) => inScope(scope, 'activity', search),
  clouds: (scope: PathScope, search?: Search) => inScope(scope, 'clouds', search),
  people: (scope: PathScope, search?: Search) => inScope(scope, 'people', search),
  user: (scope: PathScope, userId: string | number, search?: Search) =>
    inScope(scope, `people/${idPart(userId)}`, search),
  teams: (scope: PathScope, search?: Search) => inScope(scope, 'teams', search),
  team: (scope: PathScope, teamId: string | number, search?: Search) =>
    inScope(scope, `teams/${idPart(teamId)}`, search),
  signIns: (scope: PathScope, search?: Search) => inScope(scope, 'sign-ins', search),
  keys: (scope: PathScope) => inScope(scope, 'api-keys'),
  cloudImages: (scope: PathScope, search?: Search) => inScope(scope, 'cloud-images', search),
};

/** The scope that an address names, or undefined on pages without one (sign-in, welcome). */
export function scopeOfPath(pathname: string): PathScope | undefined {
  const [, first = '', second = ''] = pathname.split('/');
  if (first === 'corporate') return { scope: 'scalr' };
  const id = /^[1-9]\d{0,14}$/.test(second) ? Number(second) : undefined;
  if (id === undefined) return undefined;
  if (first === 'accounts') return { scope: 'account', accountId: id };
  if (first === 'environments') return { scope: 'environment', environmentId: id };
  return undefined;
}

/** The section that an address belongs to; Images where it names none. */
export function sectionOfPath(pathname: string): Section {
  const word = pathname.split('/')[pathname.startsWith('/corporate') ? 2 : 3];
  // Servers are those of farms.
  if (word === 'servers') return 'farms';
  if (word === 'teams' || word === 'sign-ins') return 'people';
  return sections.find((section) => section === word) ?? 'images';
}
