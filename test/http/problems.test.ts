/** Every problem of the registry, really provoked through HTTP on a real service with real files. */
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import supertest, { type Response } from 'supertest';
import { describe, expect, it, vi } from 'vitest';
import { nodeDisk } from '../../src/disk/disk.js';
import { type ProblemSlug, problemSlugs, problems } from '../../src/model/problems.js';
import { startDefined } from '../datasets/defined.js';
import { eventually } from '../support/eventually.js';
import { startSeveral } from '../support/several.js';
import { makeTempDir } from '../support/temp-dir.js';
import { startBusyService } from './busy-service.js';
import { startService } from './support.js';

const oneDay = { '0': [{ hour: 8, produce: 2 }] };

const tokens = { READ_TOKEN: 'may-read', OPERATE_TOKEN: 'may-operate' };

const provocations: Record<ProblemSlug, () => Promise<Response>> = {
  'invalid-request': async () => {
    const { http } = await startService();
    return http.post('/v1/runs').send({ selekt: 'all' });
  },
  'invalid-json': async () => {
    const { http } = await startService();
    return http.post('/v1/runs').type('json').send('{"select":');
  },
  unauthorized: async () => {
    const { http } = await startService({ settings: tokens });
    return http.get('/v1/days');
  },
  forbidden: async () => {
    const { http } = await startService({ settings: tokens });
    return http.post('/v1/runs').auth(tokens.READ_TOKEN, { type: 'bearer' });
  },
  'cross-origin': async () => {
    const { http } = await startService();
    return http.post('/v1/runs').set('Origin', 'http://elsewhere.example');
  },
  'not-found': async () => {
    const { http } = await startService();
    return http.get('/v1/nowhere');
  },
  'dataset-not-found': async () => {
    const { http } = await startService();
    return http.get('/v1/datasets/visits/days');
  },
  'run-not-found': async () => {
    const { http } = await startService();
    return http.get('/v1/runs/nobody-asked-for-this');
  },
  'run-pending': async () => {
    const { http, runId } = await startBusyService();
    return http.get(`/v1/runs/${runId}/result`);
  },
  'day-not-found': async () => {
    const { http } = await startService();
    return http.get('/v1/days/7');
  },
  'day-pending': async () => {
    const { http } = await startService({ days: oneDay });
    return http.get('/v1/days/0/receipt');
  },
  'output-absent': async () => {
    const { http } = await startService();
    return http.get('/v1/output').accept('text/csv');
  },
  'not-acceptable': async () => {
    const { http } = await startService();
    return http.get('/v1/output').accept('image/png');
  },
  'run-in-progress': async () => {
    const { http } = await startBusyService();
    return http.post('/v1/runs').send({ ifActive: 'reject' });
  },
  'queue-full': async () => {
    const { http } = await startBusyService();
    for (const select of ['pending', 'all', 'new']) {
      for (const onDayFailure of ['continue', 'stop']) {
        for (const dryRun of [true, false]) {
          const response = await http.post('/v1/runs').send({ select, onDayFailure, dryRun });
          if (response.status !== 202) return response;
        }
      }
    }
    throw new Error('twelve different requests found room');
  },
  'run-ended': async () => {
    const { http, run } = await startService({ days: oneDay });
    const { body } = await run();
    return http.post(`/v1/runs/${body.id}/cancel`);
  },
  'checkpoint-drift': async () => {
    const { http, run, outputFile } = await startService({ days: oneDay });
    await run();
    await writeFile(join(dirname(outputFile), '_daymark', 'orders.csv', 'checkpoint'), '9\n');
    return http.get('/v1/checkpoint?require=in-sync');
  },
  'checkpoint-ahead': async () => {
    const { http, run } = await startService({ days: oneDay });
    await run();
    return http.put('/v1/checkpoint').send({ day: '5' });
  },
  'day-unknown': async () => {
    const { http } = await startService({ days: oneDay });
    return http.post('/v1/runs').send({ days: ['7'] });
  },
  'definition-changed': async () => {
    const root = await makeTempDir();
    const former = await startDefined(root, 'seed');
    await former.land('0', [[8, { milk: 1 }]]);
    await former.run();
    await former.removeRaw('0');
    await former.stop();
    const { url } = await startDefined(root, 'columns');
    return supertest(url).post('/v1/runs').send({});
  },
  'engine-unavailable': async () => {
    const { http } = await startService({ days: oneDay });
    return http.post('/v1/runs').send({ engine: 'spark' });
  },
  'output-unreadable': async () => {
    const { http, outputFile } = await startService({ days: oneDay });
    await writeFile(outputFile, 'name,price\nbread,3\n');
    return http.post('/v1/runs').send({});
  },
  'no-days': async () => {
    const { http, rawDir } = await startService();
    await mkdir(join(rawDir, 'day=0'), { recursive: true });
    return http.post('/v1/runs?wait=20').send({});
  },
  'body-too-large': async () => {
    const { http } = await startService();
    return http.post('/v1/runs').send({ days: ['0'.repeat(1 << 20)] });
  },
  'unsupported-media-type': async () => {
    const { http } = await startService();
    return http.post('/v1/runs').type('form').send({ select: 'all' });
  },
  'run-failed': async () => {
    const { run } = await startService({ days: { '0': 'order_hour_of_day,produce\n8,many\n' } });
    return run();
  },
  'idempotency-mismatch': async () => {
    const { http } = await startService({ days: oneDay });
    await http.put('/v1/runs/nightly').send({});
    return http.put('/v1/runs/nightly').send({ select: 'all' });
  },
  'rate-limited': async () => {
    const { http } = await startService({ settings: { ...tokens, LOGIN_LIMIT: '1' } });
    await http.get('/v1/days').auth('wrong', { type: 'bearer' });
    return http.get('/v1/days').auth('wrong', { type: 'bearer' });
  },
  'engine-failed': async () => {
    const disk = {
      ...nodeDisk,
      create: async (path: string) => {
        if (path.endsWith('.csv')) throw new Error('EIO: i/o error');
        return nodeDisk.create(path);
      },
    };
    const { run } = await startService({ days: oneDay, disk });
    return run();
  },
  'internal-error': async () => {
    const { http, service } = await startService();
    vi.spyOn(service.controlPlane, 'survey').mockRejectedValue(new TypeError('a defect'));
    return http.get('/v1/days');
  },
  'raw-unavailable': async () => {
    const { http, rawDir } = await startService();
    await rm(rawDir, { recursive: true });
    return http.post('/v1/runs').send({});
  },
  'output-unavailable': async () => {
    const { http, outputFile } = await startService({ days: oneDay });
    const commits = join(dirname(outputFile), '_daymark', 'orders.csv', 'commits');
    await rm(commits, { recursive: true });
    await writeFile(commits, 'not a folder');
    return http.get('/v1/checkpoint');
  },
  'too-many-streams': async () => {
    const { http, run } = await startService({
      days: oneDay,
      settings: { MAX_EVENT_STREAMS: '0' },
    });
    const { body } = await run();
    return http.get(`/v1/runs/${body.id}/events`);
  },
  'not-ready': async () => {
    const { http, rawDir } = await startService();
    await rm(rawDir, { recursive: true });
    return http.get('/health/ready');
  },
  'dataset-unavailable': async () => {
    const { http } = await startSeveral({
      datasets: { orders: {}, visits: {} },
      prepare: ({ outputOf }) => symlink('elsewhere.csv', outputOf('visits')),
    });
    return http.get('/v1/datasets/visits/days');
  },
  overloaded: async () => {
    const { http } = await startService({ settings: { MAX_RSS_BYTES: '1' } });
    // The process is measured each second.
    return eventually(async () => {
      const response = await http.get('/v1/runs');
      expect(response.status).toBe(503);
      return response;
    }, 5_000);
  },
  'shutting-down': async () => {
    const { http, service, release } = await startBusyService();
    const stopped = service.stop();
    const response = await http.post('/v1/runs').send({});
    release();
    await stopped;
    return response;
  },
};

/** What carries `Retry-After`, so that callers need not guess. */
const retryAfter = new Set<ProblemSlug>([
  'run-pending',
  'run-in-progress',
  'queue-full',
  'rate-limited',
  'overloaded',
  'too-many-streams',
  'shutting-down',
]);

describe('the registry of problems', () => {
  it('is covered by this file', () => {
    expect(Object.keys(provocations).sort()).toEqual([...problemSlugs].sort());
  });

  it.each(problemSlugs)('%s can be met', async (slug) => {
    const response = await provocations[slug]();
    const { status, title, retryable, nextAction } = problems[slug];
    expect(response.body).toMatchObject({
      type: `/problems/${slug}`,
      title,
      status,
      retryable,
      nextAction,
    });
    expect(response.status).toBe(status);
    expect(response.type).toBe('application/problem+json');
    expect(response.body.requestId).toBe(response.headers['x-request-id']);
    expect(response.body.detail).toMatch(/^\S.{10,}/);
    expect(response.text).not.toMatch(/\bat .*\.[jt]s:\d+|node_modules/);
    expect(response.headers['retry-after'] !== undefined).toBe(retryAfter.has(slug));
  });
});
