import type { ScopeRef } from '#contract/scope.ts';
import type { Landmarks } from '../database/estate/large/landmarks.ts';

/** One GET of a list or a report, as the page asks for it. */
export interface ListRequest {
  group: string;
  name: string;
  /** Below the scope: begins with a slash. */
  path: string;
}

/** The group of what the page of a set asks for. */
export const setPage = 'Page of an image set';
const firstPage = 'maxResults=50&cursor=start';
const whole = `${firstPage}&include=usage,actions,total`;

/** The lists and reports that are held fast at every size of an estate, at any scope. */
export function listRequests({ searches, mostUsedImage, mostUsedSet }: Landmarks): ListRequest[] {
  const texts = Object.entries(namedSearches(searches));
  const images = list('Images', '/images/?sort=-added&');
  const sets = list('Image sets', '/image-sets/?sort=-added&');
  const roles = list('Roles', '/roles/?sort=name&');
  const usage = list('Farms on old images', '/usage/');
  const others = list('Other lists', '/');
  return [
    images('first page', firstPage),
    images('first page with usage, actions, total', whole),
    ...texts.map(([kind, text]) => images(`search for ${kind}`, `${whole}&query=${text}`)),
    images('search for two words', `${whole}&query=${searches.common}%20${searches.short}`),
    images(
      'by cloud, location, OS, architecture and state',
      `${whole}&cloudPlatform=ec2&cloudLocation=us-east-1&os=ubuntu-24-04&architecture=x86_64&status=active&deprecated=false`,
    ),
    list('Images', '/images/?sort=name&')('by name', whole),
    images('in use', `${whole}&inUse=true`),
    images('not in use', `${whole}&inUse=false`),
    sets('first page with usage, actions, total', whole),
    sets('first page with usage, total', `${firstPage}&include=usage,total`),
    sets('newest of their line', `${firstPage}&include=usage,total&newest=true`),
    sets('search for a common text', `${firstPage}&include=usage,total&query=${searches.common}`),
    ...setPageRequests(mostUsedSet),
    roles('first page', whole),
    roles('matrix', `${firstPage}&include=images,usage,actions,total`),
    roles('that hold an image', `${whole}&usageOf=${mostUsedImage}`),
    roles('search', `${whole}&query=${searches.common}`),
    usage('by farm role', `?sort=-servers&${firstPage}&include=total`),
    usage('by farm role, oldest first', `?sort=since&${firstPage}&include=total`),
    usage('search', `?sort=-servers&${firstPage}&include=total&query=${searches.common}`),
    usage('search for a place', `?sort=-servers&${firstPage}&include=total&query=us-east`),
    usage('grouped by farm', `groups/?by=farm&sort=-servers&${firstPage}&include=total`),
    usage('grouped by image', `groups/?by=image&sort=-servers&${firstPage}&include=total`),
    usage('totals', 'totals/'),
    list('Use of an image', '/images/')('of the most used one', `${mostUsedImage}/usage/`),
    ...replacementRequests(others, searches, mostUsedImage),
    others('farms', `farms/?${firstPage}&include=usage,total`),
    others('farms by name', `farms/?sort=name&${firstPage}&include=usage,total`),
    others('owners on old images', `owners/?onOldImages=true&${firstPage}&include=total`),
    others('locations', `locations/?${firstPage}&include=total`),
    others('farms that use an image', `farms/?${firstPage}&include=total&image=${mostUsedImage}`),
    others('search for a server', `servers/?${firstPage}&query=${searches.rare}`),
    others('servers', `servers/?${firstPage}&include=total`),
    others(
      'live servers of an image',
      `servers/?${firstPage}&include=total&image=${mostUsedImage}&live=true`,
    ),
  ];
}

/** What the page of a set asks for, all at once. */
function setPageRequests({ id, line, os }: Landmarks['mostUsedSet']): ListRequest[] {
  const page = list(setPage, '/');
  return [
    page('the set', `image-sets/${id}/?include=usage`),
    page('its images', `images/?set=${id}&sort=cloudLocation&maxResults=100&include=usage`),
    page('its line', `image-sets/?line=${line}&os=${os}&sort=-added&maxResults=20&include=usage`),
  ];
}

/** Replacements and plans by each of their filters. */
function replacementRequests(
  others: ReturnType<typeof list>,
  searches: Landmarks['searches'],
  mostUsedImage: string,
): ListRequest[] {
  return [
    others('replacements', `replacements/?sort=-at&${firstPage}&include=total`),
    others(
      'plans of replacements',
      `replacements/?state=planned,expired&${firstPage}&include=total`,
    ),
    others(
      'replacements of a place, made by somebody',
      `replacements/?${firstPage}&include=total&cloudPlatform=ec2&cloudLocation=us-east-1&by=a@example.com&scope=account`,
    ),
    others(
      'replacements of an image',
      `replacements/?${firstPage}&include=total&image=${mostUsedImage}&rolledBack=false`,
    ),
    others('replacements of a set', `replacements/?${firstPage}&include=total&imageSet=1`),
    others('replacements of a line', `replacements/?${firstPage}&include=total&line=fcos`),
    others('replacements of a role', `replacements/?${firstPage}&include=total&role=1`),
    others('replacements of a farm', `replacements/?${firstPage}&include=total&farm=1`),
    others('search for a replacement', `replacements/?${firstPage}&query=${searches.rare}`),
  ];
}

/** What may replace the picker's image: searched and not. */
export function candidateRequests({ searches, pickerImage }: Landmarks): ListRequest[] {
  const ask = list(
    'Candidates for a replacement',
    `/images/${pickerImage}/replacement-candidates/?`,
  );
  return [
    ask('newest', firstPage),
    ask('oldest', `${firstPage}&sort=added`),
    ...Object.entries(namedSearches(searches)).map(([kind, text]) =>
      ask(`search for ${kind}`, `${firstPage}&query=${text}`),
    ),
  ];
}

function namedSearches({ common, rare, short }: Landmarks['searches']): Record<string, string> {
  return { 'a common text': common, 'a rare text': rare, 'two characters': short };
}

function list(group: string, base: string) {
  return (name: string, rest: string): ListRequest => ({ group, name, path: base + rest });
}

/** The path that the API has at a scope, below its base. */
export function levelPath(at: ScopeRef): string {
  if (at.scope === 'scalr') return '/global';
  return at.scope === 'account' ? `/account/${at.accountId}` : `/user/${at.environmentId}`;
}
