/** A mount that hangs holds up what lies on it, and nothing else: health and metrics say so within their bounds. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { canHang, hangMount } from '../support/hung-mount.js';
import { judgedMs } from '../support/judged-time.js';
import { startServiceProcess } from '../support/service-process.js';
import { makePlaces, type Places } from './disk-places.js';

/** More than the bound of readiness, for a machine that is busy. */
const soonMs = 6_000;

interface Told {
  readonly status: number;
  readonly text: string;
  readonly tookMs: number;
}

async function ask(url: string, path: string, method = 'GET'): Promise<Told> {
  const startedAt = performance.now();
  const response = await fetch(`${url}${path}`, { method, signal: AbortSignal.timeout(20_000) });
  const text = await response.text();
  return { status: response.status, text, tookMs: performance.now() - startedAt };
}

async function startWell(places: Places) {
  await places.land('0');
  const service = startServiceProcess(places.env);
  const url = await service.url();
  expect((await ask(url, '/v1/runs?wait=60', 'POST')).status).toBe(200);
  expect((await ask(url, '/health/ready')).status).toBe(200);
  return { service, url };
}

const cases: readonly [what: string, at: (places: Places) => string, check: RegExp][] = [
  ['raw root', ({ raw }) => raw, /raw/],
  ['day', ({ raw }) => join(raw, '0'), /raw/],
  ['output folder', ({ processed }) => processed, /processed/],
  ['state folder', ({ folder }) => folder.root, /processed/],
  ['folder of the records', ({ folder }) => folder.commits, /processed/],
];

describe.runIf(canHang)('where the mount hangs of the', () => {
  it.each(cases)(
    '%s',
    async (_, at, check) => {
      const places = await makePlaces();
      const { url } = await startWell(places);
      const hung = await hangMount(at(places));

      // Of a day that was at rest no glance tells, before a look at all days has found out.
      expect((await ask(url, '/v1/days')).status).toBe(503);
      // Asked as often as probes and scrapes do: no question may cost a thread that the next one needs.
      for (let round = 0; round < 3; round += 1) {
        const [live, ready, metrics, ...others] = await Promise.all([
          ask(url, '/health/live'),
          ask(url, '/health/ready'),
          ask(url, '/metrics'),
          ...Array.from({ length: 5 }, () => ask(url, '/health/ready')),
        ]);
        expect(live).toMatchObject({ status: 200 });
        expect(judgedMs(live.tookMs)).toBeLessThan(1_000);
        for (const each of [ready, ...others]) {
          expect(each.status, each.text).toBe(503);
          expect(each.text).toMatch(check);
          expect(each.text).toMatch(/hangs|not answer/);
          expect(judgedMs(each.tookMs)).toBeLessThan(soonMs);
        }
        expect(metrics.status).toBe(200);
        expect(metrics.text).toContain('daymark_runs_total{status="succeeded",dataset="orders"} 1');
        expect(judgedMs(metrics.tookMs)).toBeLessThan(soonMs);
      }
      for (const path of ['/v1/checkpoint', '/v1/days', '/v1/output']) {
        const told = await ask(url, path);
        expect(told.status, `${path}: ${told.text}`).toBe(503);
        expect(told.text).toMatch(/hangs/);
        // What is known by now keeps no one waiting, not even for a checkpoint on the same mount.
        expect(judgedMs(told.tookMs), path).toBeLessThan(soonMs);
      }
      // What needs none of it is answered, and threads are left.
      expect((await ask(url, '/v1/runs')).status).toBe(200);
      expect((await ask(url, '/openapi.json')).status).toBe(200);

      await hung.release();
      await eventually(async () => {
        expect((await ask(url, '/health/ready')).status).toBe(200);
      }, 20_000);
      expect((await ask(url, '/v1/days')).status).toBe(200);
    },
    120_000,
  );

  it('raw root, the service ends all the same', async () => {
    const places = await makePlaces({ DAYMARK_SHUTDOWN_TIMEOUT_MS: '1000' });
    const { service, url } = await startWell(places);
    await hangMount(places.raw);
    expect((await ask(url, '/health/ready')).status).toBe(503);
    const startedAt = performance.now();
    await service.end('SIGTERM');
    expect(judgedMs(performance.now() - startedAt)).toBeLessThan(10_000);
  });

  it('folder of the records, readiness is the first to find out', async () => {
    const places = await makePlaces();
    const { url } = await startWell(places);
    await hangMount(places.folder.commits);
    const { status, text } = await ask(url, '/health/ready');
    expect(status, text).toBe(503);
  });

  it('raw root, other places are still told from it', async () => {
    const places = await makePlaces();
    const { url } = await startWell(places);
    await hangMount(places.raw);
    await ask(url, '/v1/days');
    // More than the pool has threads.
    await Promise.all(Array.from({ length: 6 }, () => ask(url, '/health/ready')));
    await rename(places.processed, `${places.processed}.away`);
    const { text } = await ask(url, '/health/ready');
    expect(text).toContain('is not writable (ENOENT)');
  });
});
