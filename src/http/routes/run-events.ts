/** /v1/runs/{id}/events: a run's states and its progress while it works. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { RunEvent } from '../../core/run-feed.js';
import { hasEnded, type Run } from '../../model/run.js';
import type { DatasetRoutes } from '../app-options.js';
import { datasetOf } from '../dataset-of.js';
import { empty, operation, text } from '../operation.js';
import { reconciledFirst } from '../reconcile-first.js';
import { eventIdOf, eventStreamType, eventText, runEvents } from '../run-events.js';
import { noQuery } from '../schemas/query.js';
import { runParams } from '../schemas/run-request.js';
import { viewRun } from '../views/run.js';

const resumeHeaders = z.looseObject({
  'last-event-id': z
    .string()
    .optional()
    .meta({
      description:
        'The `id` of the last event received; browsers send it automatically. Only later events are sent. An unknown or outdated id is ignored.',
      examples: ['1795590671000'],
    }),
});

const getRunEvents = operation(
  {
    operationId: 'getRunEvents',
    tag: 'Runs',
    summary: 'Follow a run',
    description: [
      'Server-sent events. `state`: the whole run, as GET /v1/runs/{id} has it; sent first, at each change of its status, and from time to time as its days are done. `progress`: only its `progress`, at most five times a second. An event that is out of date before it is sent is left out.',
      'The last event is the `state` in which the run ended; then the stream ends. It ends earlier if the service stops. For a run that another process works on, there is no `progress`.',
      'During silence a comment is sent as a heartbeat. After a disconnect, `Last-Event-ID` resumes where the client was.',
    ].join('\n\n'),
  },
  { params: runParams, querystring: noQuery, headers: resumeHeaders },
  {
    answers: {
      200: text('The events, from now to the end of the run.', eventStreamType),
      204: empty('The run has ended, and `Last-Event-ID` names its last event.'),
    },
    problems: ['run-not-found', 'too-many-streams'],
  },
);

export const runEventsRoutes: DatasetRoutes = async (app, { streams }) => {
  const { heartbeatMs } = streams;

  app.get(
    '/runs/:id/events',
    { ...reconciledFirst, schema: getRunEvents },
    async (request, reply) => {
      const { method, params, headers } = request;
      const { controlPlane } = datasetOf(request);
      const run = await controlPlane.run(params.id);
      const feed = controlPlane.feed(run.id);
      const after = eventIdOf(headers['last-event-id']);
      // Browsers reconnect after the end of a stream, until they get a 204.
      if (hasEnded(run) && feed.next(after) === null) return reply.code(204).send();

      const signal = method === 'HEAD' ? AbortSignal.abort() : streams.open(reply);
      // Proxies that buffer or compress an answer would hold events back.
      reply.type(eventStreamType).headers({
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      });
      const textOf = (event: RunEvent) => textFor(event, run);
      return reply.send(Readable.from(runEvents({ feed, after, heartbeatMs, signal, textOf })));
    },
  );
};

interface Written {
  readonly event: RunEvent;
  readonly seenAs: string;
  readonly bytes: Buffer;
}

/** A state of thousands of days is serialised once for all clients that follow the run under one key. Older ones are
 * dropped. */
let written: Written | null = null;

/** The event as the caller's key sees its run. */
function textFor(event: RunEvent, { key, attempt }: Pick<Run, 'key' | 'attempt'>): Buffer {
  if (event.kind === 'progress') return eventText(event.id, event.kind, event.progress);
  const seenAs = `${attempt} ${key}`;
  if (written?.event === event && written.seenAs === seenAs) return written.bytes;
  const bytes = eventText(event.id, event.kind, viewRun({ ...event.run, key, attempt }));
  written = { event, seenAs, bytes };
  return bytes;
}
