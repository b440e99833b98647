import type { Level } from '../scope.ts';

/**
 * The paths that the commands of `scalr-ctl` 7.16 use, with the methods that they need there. A command
 * whose path a specification lacks says "Not implemented in current API version"; one whose path is
 * there without its method crashes the whole group of commands. So a path is listed whole or not at all.
 */
const shared: Record<string, string> = {
  '/images/': 'GET POST',
  '/images/{imageId}/': 'GET PATCH DELETE',
  '/images/{imageId}/actions/copy/': 'POST',
  '/images/{imageId}/actions/replace/': 'POST',
  '/os/': 'GET',
  '/os/{osId}/': 'GET',
  '/roles/': 'GET POST',
  '/roles/{roleId}/': 'GET PATCH DELETE',
  '/roles/{roleId}/images/': 'GET POST',
  '/roles/{roleId}/images/{imageId}/': 'GET DELETE',
  '/roles/{roleId}/images/{imageId}/actions/replace/': 'POST',
  '/role-categories/': 'GET POST',
  '/role-categories/{roleCategoryId}/': 'GET PATCH DELETE',
};

const credentials = {
  '/cloud-credentials/': 'GET POST',
  '/cloud-credentials/{cloudCredentialsId}/': 'GET PATCH DELETE',
};
const projects = { '/projects/': 'GET POST', '/projects/{projectId}/': 'GET PATCH DELETE' };

export const cliRoutes: Record<Level, Record<string, string>> = {
  global: { ...shared, ...credentials },
  account: {
    ...shared,
    ...projects,
    ...credentials,
    '/roles/{roleId}/actions/clone/': 'POST',
    '/environments/': 'GET POST',
    '/environments/{envId}/': 'GET PATCH DELETE',
    '/environments/{envId}/clouds/': 'GET',
    '/environments/{envId}/clouds/{cloud}/': 'GET POST DELETE',
  },
  user: {
    ...shared,
    ...projects,
    '/roles/{roleId}/actions/clone/': 'POST',
    '/roles/{roleId}/actions/promote/': 'POST',
    '/roles/{roleId}/actions/deprecate/': 'POST',
    '/cost-centers/': 'GET',
    '/cost-centers/{costCenterId}/': 'GET',
    '/farms/': 'GET POST',
    '/farms/{farmId}/': 'GET PATCH DELETE',
    '/farms/{farmId}/servers/': 'GET',
    '/farms/{farmId}/farm-roles/': 'GET POST',
    '/farms/{farmId}/actions/clone/': 'POST',
    '/farms/{farmId}/actions/launch/': 'POST',
    '/farms/{farmId}/actions/terminate/': 'POST',
    '/farms/{farmId}/actions/suspend/': 'POST',
    '/farms/{farmId}/actions/resume/': 'POST',
    '/farms/{farmId}/actions/lock/': 'POST',
    '/farms/{farmId}/actions/unlock/': 'POST',
    '/farm-roles/{farmRoleId}/': 'GET PATCH DELETE',
    '/farm-roles/{farmRoleId}/servers/': 'GET POST',
    '/farm-roles/{farmRoleId}/scaling/': 'GET POST PATCH',
    '/farm-roles/{farmRoleId}/actions/clone/': 'POST',
    '/farm-roles/{farmRoleId}/actions/import-server/': 'POST',
    '/servers/': 'GET POST',
    '/servers/{serverId}/': 'GET PATCH',
    '/servers/{serverId}/actions/reboot/': 'POST',
    '/servers/{serverId}/actions/resume/': 'POST',
    '/servers/{serverId}/actions/suspend/': 'POST',
    '/servers/{serverId}/actions/terminate/': 'POST',
  },
};
