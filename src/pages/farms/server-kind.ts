import { serverQuery } from '../../api/servers.ts';
import { serverKindWith } from '../../components/servers/server-actions.ts';
import { ask } from '../../query-client.ts';

/** What can be done with a server. */
export const serverKind = serverKindWith((at, server) => ask(serverQuery(at, server.id)));
