import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Service } from '../../src/service.js';
import { eventually } from '../support/eventually.js';
import { withoutDataset } from '../support/metrics.js';
import { startService } from './support.js';

function lookSpies({ controlPlane }: Service) {
  return [vi.spyOn(controlPlane, 'survey'), vi.spyOn(controlPlane, 'glance')];
}

describe('GET /health/live', () => {
  it('looks at nothing', async () => {
    const { http, rawDir, service } = await startService();
    await rm(rawDir, { recursive: true });
    const looks = lookSpies(service);
    expect((await http.get('/health/live').expect(200)).body).toEqual({ status: 'ok' });
    for (const look of looks) expect(look).not.toHaveBeenCalled();
  });
});

describe('GET /health/ready', () => {
  it('lists its checks', async () => {
    const { http } = await startService();
    const { body } = await http.get('/health/ready').expect(200);
    expect(body.status).toBe('ready');
    expect(body.checks).not.toHaveLength(0);
  });

  it('names what fails', async () => {
    const { http, rawDir } = await startService();
    await rm(rawDir, { recursive: true });
    const { body } = await http.get('/health/ready').expect(503);
    expect(body.errors).toEqual([
      { at: 'raw-root', message: expect.stringContaining('cannot be read') },
    ]);
  });
});

describe('GET /metrics', () => {
  it('counts what happened', async () => {
    const { http, run } = await startService({
      days: { '0': [{ hour: 8, produce: 2 }], '1': 'order_hour_of_day,produce\n8,many\n' },
    });
    await run();
    await http.get('/v1/runs/some-run').expect(404);
    await http.get('/no/such/path').expect(404);
    const { text: told, type } = await http.get('/metrics').expect(200);
    const text = withoutDataset(told);
    expect(type).toBe('text/plain');
    for (const line of [
      'daymark_runs_total{status="failed"} 1',
      'daymark_days_total{outcome="added"} 1',
      'daymark_days_total{outcome="failed"} 1',
      'daymark_rows_total 1',
      'daymark_run_duration_seconds_count 1',
      'daymark_pending_days 1',
      'daymark_checkpoint_day 0',
      'daymark_http_request_duration_seconds_count{route="/v1/runs",method="POST",status="422"} 1',
      'daymark_http_request_duration_seconds_count{route="/v1/runs/:id",method="GET",status="404"} 1',
      'daymark_http_request_duration_seconds_count{route="none",method="GET",status="404"} 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(/^daymark_reconcile_readings_total\{reading="embedded"\} [1-9]/m);
    expect(text).toMatch(/^process_cpu_seconds_total/m);
    expect(text).not.toContain('some-run');
  });

  it('tells what is there at the scrape, though nobody else looked', async () => {
    const { http, run, writeDay, rawDir } = await startService({
      days: { '0': [{ hour: 8, produce: 2 }] },
    });
    await run();
    await writeDay('1', [{ hour: 9, produce: 1 }]);
    const scraped = async () =>
      withoutDataset((await http.get('/metrics').expect(200)).text).split('\n');
    expect(await scraped()).toContain('daymark_pending_days 1');
    await rm(join(rawDir, '1'), { recursive: true });
    expect(await scraped()).toContain('daymark_pending_days 0');
  });

  it('tells what it knew, and how old that is, where a look hangs; and hangs no more looks on it', async () => {
    const { http, service } = await startService({ days: { '1': [{ hour: 9, produce: 1 }] } });
    const age = (text: string) => Number(/^daymark_look_age_seconds\S* (\S+)$/m.exec(text)?.[1]);
    const fresh = await http.get('/metrics').expect(200);
    expect(age(fresh.text)).toBeGreaterThanOrEqual(0);

    let goOn = () => {};
    const { survey } = service.controlPlane;
    const hung = vi.spyOn(service.controlPlane, 'survey').mockImplementation(async () => {
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      return survey();
    });
    for (let scrape = 0; scrape < 3; scrape += 1) {
      const { text } = await http.get('/metrics').expect(200);
      expect(withoutDataset(text).split('\n')).toContain('daymark_pending_days 1');
      expect(age(text)).toBeGreaterThan(1.9);
    }
    expect(hung).toHaveBeenCalledTimes(1);

    goOn();
    hung.mockRestore();
    await eventually(async () => {
      const { text } = await http.get('/metrics').expect(200);
      expect(age(text)).toBeLessThan(1.9);
    });
  });

  it('says of days what a run has made of them', async () => {
    const { http, run } = await startService({ days: { '4': [{ hour: 8, produce: 2 }] } });
    await run();
    const { text } = await http.get('/metrics').expect(200);
    expect(withoutDataset(text).split('\n')).toEqual(
      expect.arrayContaining([
        'daymark_pending_days 0',
        'daymark_checkpoint_day 4',
        'daymark_known_days{state="processed"} 1',
        'daymark_known_days{state="new"} 0',
      ]),
    );
  });
});

describe('the documentation', () => {
  it('is served as Swagger UI and as JSON', async () => {
    const { http } = await startService();
    const page = await http.get('/docs').expect(200);
    expect(page.text).toContain('swagger-ui');
    await http.get('/docs/static/swagger-ui-bundle.js').expect(200);
    const { body } = await http.get('/openapi.json').expect(200);
    expect(body).toMatchObject({ openapi: '3.1.0', info: { title: 'Daymark' } });
  });
});
