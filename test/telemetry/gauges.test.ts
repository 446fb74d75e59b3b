import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DayStatus } from '../../src/core/day-status.js';
import { noticeCodes } from '../../src/model/notice.js';
import { type Check, gaugeChecks } from '../../src/telemetry/check-gauges.js';
import { createPendingAges } from '../../src/telemetry/pending-ages.js';
import { createRunGauges } from '../../src/telemetry/run-gauges.js';
import { createSurveyGauges } from '../../src/telemetry/survey-gauges.js';
import { withoutDataset } from '../support/metrics.js';
import { startTestService, type TestService } from '../support/service.js';

const hourMs = 3_600_000;

function daysOf(pending: readonly string[], others: readonly string[] = []) {
  const status = (isPending: boolean) => (day: string) => ({ day, pending: isPending });
  return [...pending.map(status(true)), ...others.map(status(false))] as unknown as DayStatus[];
}

describe('the age of the oldest pending day', () => {
  it('grows while a day stays pending, whatever comes and goes beside it', () => {
    const ages = createPendingAges();
    expect(ages.oldestSeconds(daysOf(['1']), 0)).toBe(0);
    expect(ages.oldestSeconds(daysOf(['1', '2'], ['0']), hourMs)).toBe(3600);
    expect(ages.oldestSeconds(daysOf(['2', '3'], ['1']), 2 * hourMs)).toBe(3600);
  });

  it('is 0 when none is, and begins anew for one that was done meanwhile', () => {
    const ages = createPendingAges();
    ages.oldestSeconds(daysOf(['1']), 0);
    expect(ages.oldestSeconds(daysOf([], ['1']), hourMs)).toBe(0);
    expect(ages.oldestSeconds(daysOf(['1']), 2 * hourMs)).toBe(0);
  });
});

it('the age of the oldest pending day grows though the clock is put back', async () => {
  const registry = new Registry();
  const gauges = createSurveyGauges(registry);
  gauges.show({ days: daysOf(['1']), notices: [], output: { ledger: new Map() } } as never);
  const age = async () => {
    const text = await registry.getSingleMetricAsString('daymark_oldest_pending_day_age_seconds');
    return Number(/^daymark\S+ (\S+)$/m.exec(text)?.[1]);
  };
  expect(await age()).toBe(0);
  const later = performance.now() + hourMs;
  vi.spyOn(performance, 'now').mockReturnValue(later);
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() - hourMs);
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  expect(await age()).toBeCloseTo(3600, 0);
});

describe('the gauges of runs', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000, toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tell whether one works, and when one last ended', async () => {
    const registry = new Registry();
    const gauges = createRunGauges(registry);
    gauges.started('a');
    expect(await registry.metrics()).toContain('daymark_active_runs 1');
    gauges.finished('a', 'failed');
    const text = await registry.metrics();
    expect(text).toContain('daymark_active_runs 0');
    expect(text).toContain('daymark_last_run_timestamp_seconds{status="failed"} 1000');
    expect(text).not.toContain('status="succeeded"');
  });

  it('are not fooled by a run that ends without having begun', async () => {
    const registry = new Registry();
    const gauges = createRunGauges(registry);
    gauges.started('a');
    gauges.finished('b', 'cancelled');
    expect(await registry.metrics()).toContain('daymark_active_runs 1');
  });
});

describe('the gauges of checks', () => {
  it('are gone when there is nothing more to say', async () => {
    const registry = new Registry();
    let checks: Check[] = [{ name: 'other-settings', status: 'degraded' }];
    gaugeChecks(registry, async () => ({ checks }));
    expect(await registry.metrics()).toContain('daymark_check_ok{check="other-settings"} 0');
    checks = [];
    expect(await registry.metrics()).not.toContain('other-settings');
  });

  it('are asked at each scrape', async () => {
    const registry = new Registry();
    let status: Check['status'] = 'ok';
    gaugeChecks(registry, async () => ({ checks: [{ name: 'raw-root', status }] }));
    expect(await registry.metrics()).toContain('daymark_check_ok{check="raw-root"} 1');
    status = 'degraded';
    expect(await registry.metrics()).toContain('daymark_check_ok{check="raw-root"} 0');
  });
});

describe('of a service', () => {
  const read = async (service: TestService, series: string) => {
    const { body } = await service.get('/metrics');
    const line = withoutDataset(body)
      .split('\n')
      .find((each) => each.startsWith(`${series} `));
    return line === undefined ? null : Number(line.slice(series.length + 1));
  };

  it('days are counted by state, and the last commit is known after a restart', async () => {
    const service = await startTestService();
    await service.land('0', [[8, { milk: 1 }]]);
    await service.land('1', 'order_id,order_hour_of_day,milk\n1,8,many\n');
    const before = Date.now() / 1000;
    await service.run();
    await service.get('/v1/days');
    expect(await read(service, 'daymark_known_days{state="processed"}')).toBe(1);
    expect(await read(service, 'daymark_known_days{state="new"}')).toBe(1);
    expect(
      await read(service, 'daymark_last_run_timestamp_seconds{status="failed"}'),
    ).toBeGreaterThan(before - 1);
    expect(await read(service, 'daymark_runs_total{status="failed"}')).toBe(1);
    const committed = await read(service, 'daymark_last_commit_timestamp_seconds');
    expect(committed).toBeGreaterThan(before - 1);
    await service.stop();

    const again = await startTestService({ root: service.root });
    await again.get('/v1/checkpoint');
    expect(await read(again, 'daymark_last_commit_timestamp_seconds')).toBe(committed);
    expect(await read(again, 'daymark_last_run_timestamp_seconds{status="failed"}')).toBeNull();
    expect(await read(again, 'daymark_last_reconcile_timestamp_seconds')).toBeGreaterThan(
      before - 1,
    );
  });

  it('the date of the checkpoint is a time in the date layout, and none in the other', async () => {
    const service = await startTestService({ env: { DAYMARK_LAYOUT: 'date' } });
    await service.land('2026-11-23', [[8, { milk: 1 }]]);
    await service.run();
    await service.get('/v1/days');
    expect(await read(service, 'daymark_checkpoint_day_timestamp_seconds')).toBe(
      Date.UTC(2026, 10, 23) / 1000,
    );
    expect(await read(service, 'daymark_checkpoint_day')).toBeNaN();
  });

  it('the day up to which nothing is pending lies below the checkpoint while a day is missing', async () => {
    const service = await startTestService();
    for (const day of ['0', '2']) await service.land(day, [[8, { milk: 1 }]]);
    await service.run();
    await service.land('1', [[8, { milk: 1 }]]);
    await service.get('/v1/days');
    expect(await read(service, 'daymark_checkpoint_day')).toBe(2);
    expect(await read(service, 'daymark_complete_through_day')).toBe(0);
    expect(await read(service, 'daymark_complete_through_day_timestamp_seconds')).toBeNaN();
  });

  it('notices are counted by code, and those of which there is none are 0', async () => {
    const service = await startTestService();
    const notices = async () =>
      Promise.all(
        noticeCodes.map(async (code) => [
          code,
          await read(service, `daymark_notices{code="${code}"}`),
        ]),
      ).then(Object.fromEntries);
    const none = Object.fromEntries(noticeCodes.map((code) => [code, 0]));
    expect(await notices()).toEqual(none);
    await mkdir(join(service.rawDir, 'day=0'));
    await service.get('/v1/days');
    expect(await notices()).toEqual({ ...none, 'no-days': 1 });
    await service.land('0', [[8, { milk: 1 }]]);
    await service.get('/v1/days');
    expect(await notices()).toEqual({ ...none, 'not-days': 1 });
  });

  it('a raw root that is gone fails its check alone', async () => {
    const service = await startTestService();
    expect(await read(service, 'daymark_check_ok{check="raw-root"}')).toBe(1);
    await rm(service.rawDir, { recursive: true });
    expect(await read(service, 'daymark_check_ok{check="raw-root"}')).toBe(0);
    expect(await read(service, 'daymark_check_ok{check="output-folder"}')).toBe(1);
  });
});
