import { scopeLabel } from '#contract/scope.ts';

import { farmListQuery } from '../../api/farms.ts';
import type { FarmListInput } from '../../api/farms.ts';
import { imageSetListQuery } from '../../api/image-sets.ts';
import type { ImageSetListInput } from '../../api/image-sets.ts';
import { imageListQuery } from '../../api/images.ts';
import type { ImageListInput } from '../../api/images.ts';
import { locationListQuery } from '../../api/locations.ts';
import { ownerListQuery } from '../../api/owners.ts';
import { projectListQuery } from '../../api/projects.ts';
import { roleCategoryListQuery } from '../../api/role-categories.ts';
import { roleListQuery } from '../../api/roles.ts';
import type { RoleListInput } from '../../api/roles.ts';
import { accountListQuery, environmentListQuery } from '../../api/scopes.ts';
import { usageGroupListQuery } from '../../api/usage.ts';
import { locationWords } from '../flows/flow-names.ts';
import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';

import type { Choice } from './choice.ts';
import { foundWords, optionPage, serverOptions } from './option-source.ts';
import type { OptionSource } from './option-source.ts';

// Where pickers of one kind of object get them from, and how they are told apart.

const byName = { ...optionPage, sort: 'name' as const };

function named({ id, name }: { id: string | number; name: string }): Choice {
  return { value: String(id), label: name };
}

/** Accounts; for who may look at Corporate. */
export function accountOptions() {
  return serverOptions<'accountList'>((asked) => accountListQuery({ ...byName, ...asked }), named);
}

/** Environments of an account. */
export function environmentOptions(accountId: number) {
  return serverOptions<'environmentList'>(
    (asked) => environmentListQuery(accountId, { ...byName, ...asked }),
    named,
  );
}

/** Role categories that a scope sees. */
export function categoryOptions(at: PathScope) {
  return serverOptions<'roleCategoryList'>(
    (asked) => roleCategoryListQuery(at, { ...byName, ...asked }),
    (category) => ({ ...named(category), detail: scopeLabel[category.scope] }),
  );
}

/** Owners of farms at and below a scope. */
export function ownerOptions(at: PathScope, onOldImages?: true) {
  return serverOptions<'ownerList'>(
    (asked) => ownerListQuery(at, { ...byName, ...asked, onOldImages }),
    (owner) => ({ ...named(owner), detail: owner.email }),
  );
}

interface Locations {
  cloudPlatform: ImageListInput['cloudPlatform'];
  onOldImages?: true;
}

/** Farms of a scope. @param filter which of them */
export function farmOptions(at: PathScope, filter: FarmListInput = {}) {
  return serverOptions<'farmList'>(
    ({ query, id }) =>
      farmListQuery(at, { ...byName, ...(id === undefined ? { ...filter, query } : { id }) }),
    named,
  );
}

/** Projects that farms of a scope can be charged to. */
export function projectOptions(at: PathScope) {
  return serverOptions<'projectList'>(
    (asked) => projectListQuery(at, { ...byName, ...asked }),
    (project) => ({ ...named(project), detail: project.billingCode }),
  );
}

/** Locations of images that a scope sees, or of servers on old images. */
export function locationOptions(at: PathScope, { cloudPlatform, onOldImages }: Locations) {
  return serverOptions<'locationList'>(
    ({ query }) => locationListQuery(at, { ...byName, query, cloudPlatform, onOldImages }),
    (place) => ({ value: place.id, label: locationWords(place) }),
  );
}

/** Old images that servers at and below a scope run, most servers first. */
export function oldImageOptions(at: PathScope) {
  return serverOptions<'usageGroupList'>(
    ({ query, id }) =>
      usageGroupListQuery(at, {
        ...optionPage,
        by: 'image',
        sort: '-servers',
        named: query,
        image: id,
      }),
    ({ id, image, servers }) => ({
      value: id,
      label: image?.name ?? id,
      detail: `${image === null ? '' : `${locationWords(image)} · `}${formatQuantity(servers, 'server')}`,
    }),
  );
}

/** Images that a scope sees, newest first. @param filter which of them */
export function imageOptions(at: PathScope, filter: ImageListInput) {
  return serverOptions<'imageList'>(
    ({ query, id }) =>
      imageListQuery(at, {
        ...optionPage,
        sort: '-added',
        ...(id ? { id } : { ...filter, query }),
      }),
    (image) => ({
      ...named(image),
      detail: [
        ...(filter.cloudPlatform === undefined ? [locationWords(image)] : []),
        image.architecture,
        scopeLabel[image.scope],
        image.cloudImageId,
      ].join(' · '),
    }),
  );
}

/** Versions that a scope sees, newest first. @param filter which of them */
export function imageSetOptions(at: PathScope, filter: ImageSetListInput) {
  return serverOptions<'imageSetList'>(
    ({ query, id }) =>
      imageSetListQuery(at, {
        ...optionPage,
        sort: '-added',
        ...(id ? { id } : { ...filter, query }),
      }),
    (set) => ({
      ...named(set),
      detail: [
        scopeLabel[set.scope],
        formatQuantity(set.places.length, 'place'),
        ...(set.newest ? ['newest of its line'] : []),
      ].join(' · '),
    }),
  );
}

/** What may take the place of a version, newest first: those of its line before all others. */
export function successorOptions(
  at: PathScope,
  set: { line: string; os: { id: string } },
): OptionSource {
  const usable = { os: set.os.id, deprecated: false };
  const ofLine = imageSetOptions(at, { ...usable, line: set.line });
  const all = imageSetOptions(at, usable);
  return {
    useOptions: (wanted) => {
      const line = ofLine.useOptions(wanted);
      const found = all.useOptions(wanted);
      const known = new Set(line.options.map(({ value }) => value));
      const others = found.options.filter(({ value }) => !known.has(value));
      const more = found.total > found.options.length ? `: ${foundWords(found)}` : '';
      return {
        ...found,
        options: [
          ...line.options.map((option) => ({ ...option, group: `Of the line ${set.line}` })),
          ...others.map((option) => ({ ...option, group: `Of another line${more}` })),
        ],
        isSearching: line.isSearching || found.isSearching,
      };
    },
  };
}

/** Active roles that a scope sees, newest first. @param filter which of them */
export function roleOptions(at: PathScope, filter: RoleListInput = {}) {
  return serverOptions<'roleList'>(
    ({ query, id }) =>
      roleListQuery(at, {
        ...optionPage,
        sort: '-added',
        ...(id ? { id } : { ...filter, query, deprecated: false }),
      }),
    (role) => ({ ...named(role), detail: `${role.osName} · ${scopeLabel[role.scope]}` }),
  );
}
