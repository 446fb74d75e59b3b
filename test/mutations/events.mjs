/** Bugs in what is told of a run to those who follow it. */
const feed = 'src/core/run-feed.ts';
const text = 'src/http/run-events.ts';
const open = 'src/http/event-streams.ts';
const feeds = 'test/core/run-feed.test.ts';
const streams = 'test/http/run-events.test.ts';
const places = 'test/http/event-streams.test.ts';
const crowds = 'test/faults/http-events.test.ts';

/** @type {import('./mutation.mjs').Mutation[]} */
export const eventMutations = [
  {
    id: 'events-of-another-process',
    file: feed,
    replace: 'id >= firstId && id <= newestId',
    by: 'id <= newestId',
    why: 'who followed the run before the service was started anew is not told where it is now',
    caughtBy: streams,
  },
  {
    id: 'event-ids-from-the-future',
    file: feed,
    replace: 'id >= firstId && id <= newestId',
    by: 'id >= firstId',
    why: 'who sends an id that was never given is told nothing, not even the end',
    caughtBy: streams,
  },
  {
    id: 'last-event-is-progress',
    file: feed,
    replace: '    tellProgress();\n    tellState(patient);\n',
    by: '    tellState(patient);\n    tellProgress();\n',
    why: 'the stream ends before the last progress, which comes again at each new connection',
    caughtBy: feeds,
  },
  {
    id: 'feed-ticks-on',
    file: feed,
    replace: '        if (listeners.size === 0) stopTicking();\n',
    by: '',
    why: 'each run that someone followed for a moment costs a timer to its end',
    caughtBy: feeds,
  },
  {
    id: 'stream-still-follows',
    file: text,
    replace: '    unfollow();\n',
    by: '',
    why: 'clients that went away are told on, and kept in memory',
    caughtBy: streams,
  },
  {
    id: 'stream-cut-before-the-end',
    file: text,
    replace: 'for (;;) {\n      const event',
    by: 'while (!signal.aborted) {\n      const event',
    why: 'a service that stops does not say what became of the run that it interrupted',
    caughtBy: streams,
  },
  {
    id: 'event-place-kept',
    file: open,
    replace: '        streams.delete(raw);\n',
    by: '',
    why: 'after so many clients, nobody can follow a run until the service is started anew',
    caughtBy: crowds,
    only: 'more clients',
  },
  {
    id: 'event-places-without-number',
    file: open,
    replace: 'streams.size >= max',
    by: 'max < 0',
    why: 'clients that only ask take every connection there is',
    caughtBy: crowds,
    only: 'more clients',
  },
  {
    id: 'event-stream-behind-another',
    file: open,
    replace: 'raw.socket === null',
    by: 'raw.statusCode === 0',
    why: 'a stream that waits behind another one never learns that its client went away',
    caughtBy: crowds,
    only: 'several runs on one connection',
  },
  {
    id: 'deaf-clients-kept',
    file: open,
    replace: 'raw.setTimeout(missedHeartbeats * heartbeatMs);',
    by: 'raw.setTimeout(missedHeartbeats * heartbeatMs * 1_000);',
    why: 'clients that never read hold their places for ever',
    caughtBy: places,
  },
  {
    id: 'closing-waits-for-the-deaf',
    file: open,
    replace: 'raw.setTimeout(lingerMs);',
    by: 'raw.setTimeout(lingerMs * 1_000);',
    why: 'a service cannot stop in order while a client does not read',
    caughtBy: places,
  },
];
