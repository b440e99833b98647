import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '#contract/errors.ts';
import { eventsPath } from '#contract/live.ts';
import { apiBase } from '#contract/operations.ts';
import { notSignedIn } from '../auth/authorise.ts';
import { findWatching, type SessionLimits } from '../auth/sessions.ts';
import type { Live } from '../live/live.ts';
import type { Db } from '../perform.ts';
import { type CookieSettings, readSessionCookie } from './cookies.ts';
import { parseQuery } from './input.ts';
import { refuseOthers } from './routes.ts';

interface EventsSettings extends CookieSettings {
  db: Db;
  live: Live;
  sessions: SessionLimits;
}

const eventStream = 'text/event-stream';

/**
 * Where a page hears what has changed: as Server-Sent Events, or once, as JSON, where it cannot hold a stream. It is
 * no operation: it belongs to a browser's session, which it does not prolong. docs/domain.md, "Live".
 */
export function addEvents(app: FastifyInstance, settings: EventsSettings): void {
  const url = apiBase + eventsPath;
  app.addHook('preClose', async () => settings.live.stop());
  app.route({
    method: 'GET',
    url,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const token = readSessionCookie(request, settings);
      const { idleMinutes } = settings.sessions;
      const watching =
        token === undefined ? undefined : await findWatching(settings.db, token, idleMinutes);
      if (!watching) throw notSignedIn();
      const since = positionIn(request);
      if (request.headers.accept?.includes(eventStream) !== true)
        return reply.send(await settings.live.missed(watching, since));
      await settings.live.listen(watching, since, () => openStream(reply));
      return reply;
    },
  });
  refuseOthers(app, url, ['GET']);
}

/**
 * Begins an answer that whoever has it writes to. Fastify is told that it is not to: what it would keep for each
 * stream took 7 kB. Its hooks before it have run, and those after it run when it ends.
 */
function openStream(reply: FastifyReply): ServerResponse {
  const headers = reply
    .headers({
      'content-type': eventStream,
      // nginx would keep it until there is more of it.
      'x-accel-buffering': 'no',
      // A server that stops waits for no connection that it might be asked over again.
      connection: 'close',
    })
    .getHeaders();
  reply.hijack();
  return reply.raw.writeHead(200, headers as OutgoingHttpHeaders);
}

/** The position that a page knows: a browser that connects again says it by itself. @throws ApiError */
function positionIn(request: FastifyRequest): number | undefined {
  const { since } = parseQuery(request.url);
  const last = request.headers['last-event-id'];
  const text = typeof last === 'string' && last !== '' ? last : since;
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ApiError('InvalidValue', 'A position is a number that Slipway gave before.', {
    field: 'since',
  });
}
