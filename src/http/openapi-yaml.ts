/** The OpenAPI document as it is committed: openapi/openapi.yaml. */
import { stringify } from 'yaml';
import { layoutOf } from '../model/day.js';
import { seedDefinition, shapeOf } from '../model/definition.js';
import { engineNames } from '../model/engine.js';
import { version } from '../process/version.js';
import { createApp } from './app.js';

export const documentFile = new URL('../../openapi/openapi.yaml', import.meta.url);

/** Builds the application, asks it for its document, and answers no request. */
export async function buildDocument(): Promise<string> {
  const app = createApp({
    datasets: [dataset],
    logger: silent,
    metrics: { contentType: 'text/plain', render: never, requestFinished: () => {} },
    auditLogger: silent,
    tokens: null,
    rateLimits: { requestsPerMinute: 0, wrongTokensPerMinute: 0 },
    pressureBounds: { maxLoopDelayMs: 0, maxHeapBytes: 0, maxRssBytes: 0 },
    certificate: null,
    trustProxy: [],
    readiness: never,
    version,
    eventStreams: { max: 0, heartbeatMs: 0 },
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  // Anchors would save lines but make the document hard to read.
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 100 });
}

function never(): never {
  throw new Error('no request is answered while the document is written');
}

const neverCalled = {
  layout: layoutOf('index'),
  shape: shapeOf(seedDefinition('index', [])),
  survey: never,
  glance: never,
  submit: never,
  wait: never,
  run: never,
  verify: never,
  leaveVerify: never,
  verdicts: never,
  feed: never,
  runs: never,
  activeRun: never,
  cancel: never,
  lastRunOf: never,
  rewind: never,
  rows: never,
  sums: never,
  csv: never,
  outputFile: never,
};

const dataset = {
  name: 'orders',
  raw: '',
  outputFile: '',
  outputName: '',
  checkpointKey: null,
  controlPlane: neverCalled,
  defaultEngine: engineNames[0],
  refusal: never,
};

const ignore = () => {};
const silent = {
  level: 'silent',
  fatal: ignore,
  error: ignore,
  warn: ignore,
  info: ignore,
  debug: ignore,
  trace: ignore,
  silent: ignore,
  child: () => silent,
};
