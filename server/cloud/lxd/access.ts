import { z } from 'zod';
import { actingRights } from '#contract/clouds/acting-rights.ts';
import type { AccessFinding, CloudAccess } from '../access.ts';
import type { LxdConnection } from './connection.ts';

const anywhere = { cloudPlatform: 'lxd', cloudLocation: 'default' };
const serverSchema = z.object({ auth: z.string() });
const projectsSchema = z.array(z.string());

/** LXD trusts a certificate or not, for all projects or for some: within those it may do everything. */
export function lxdAccess(lxd: LxdConnection): CloudAccess {
  return {
    examine: async (options) => {
      const project = lxd.at(anywhere, options);
      const { auth } = await project.read('', serverSchema);
      if (auth !== 'trusted')
        return findings(false, `LXD says: ${auth}. It does not trust the certificate.`);
      // Paths, such as /1.0/projects/default: those that the certificate may enter.
      const paths = await project.read('/projects', projectsSchema);
      const names = paths.map((path) => path.split('/').at(-1)?.split('?')[0]).join(', ');
      return paths.length === 0
        ? findings(false, 'LXD trusts the certificate, but lets it into no project.')
        : findings(true, `LXD says: ${auth}, in the projects ${names}.`);
    },
  };
}

function findings(isThere: boolean, words: string): AccessFinding[] {
  return (['read', ...actingRights] as const).map((right) =>
    right === 'changeGroups'
      ? { right, isThere: false, words: 'LXD has no groups of servers.' }
      : right === 'publishPointers'
        ? { right, isThere: false, words: 'Slipway publishes no pointers on LXD.' }
        : { right, isThere, words },
  );
}
