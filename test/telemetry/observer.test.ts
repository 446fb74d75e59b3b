import { describe, expect, it } from 'vitest';
import { reconcile } from '../../src/core/reconcile.js';
import type { Survey } from '../../src/core/survey.js';
import type { StoredCheckpoint } from '../../src/model/checkpoint.js';
import { layoutOf } from '../../src/model/day.js';
import type { Run, RunDay } from '../../src/model/run.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { createObserver } from '../../src/telemetry/observer.js';
import { shape } from '../support/counted.js';
import { withoutDataset } from '../support/metrics.js';

type Line = [level: string, message: string, facts: Record<string, unknown>];

function createSubject() {
  const lines: Line[] = [];
  const log =
    (level: string) =>
    (...[first, second]: [unknown, string?]) => {
      lines.push(
        typeof first === 'string'
          ? [level, first, {}]
          : [level, second ?? '', first as Record<string, unknown>],
      );
    };
  const logger = {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
  };
  const metrics = createMetrics();
  const observer = createObserver({ logger, metrics: metrics.of('orders') });
  return { observer, metrics, lines };
}

function surveyOf(overrides: Partial<Survey> & { stored?: StoredCheckpoint } = {}): Survey {
  const { stored = { status: 'absent' }, ...rest } = overrides;
  const rules = { definition: '', adopt: 'compare', checkpoint: 'highest' } as const;
  const input = {
    layout: layoutOf('index'),
    rules,
    raw: new Map(),
    output: new Map(),
    ledger: new Map(),
  };
  return {
    ...reconcile({ ...input, checkpoint: { kind: 'redis', stored } }),
    raw: { root: '/raw', days: new Map(), ignored: [], device: '1' },
    output: {
      version: 0,
      record: null,
      unreadable: null,
      sizeBytes: null,
      shape,
      days: new Map(),
      ledger: new Map(),
      described: true,
      recovered: [],
    },
    columns: null,
    repaired: false,
    notices: [],
    ...rest,
  };
}

const day: RunDay = {
  day: layoutOf('index').parse('3') as RunDay['day'],
  state: 'new',
  outcome: 'added',
  records: 9,
  rows: 4,
  totals: { items_count: 20 },
  bytes: 100,
};

const run: Run = {
  id: 'r',
  request: {
    select: 'pending',
    days: null,
    dryRun: false,
    engine: 'csv',
    engineAsked: true,
    onDayFailure: 'continue',
  },
  key: null,
  attempt: 1,
  status: 'succeeded',
  createdAt: '2026-11-23T00:00:00.000Z',
  startedAt: '2026-11-23T00:00:00.000Z',
  finishedAt: '2026-11-23T00:00:01.500Z',
  durationMs: 1500,
  checkpoint: { before: null, after: null },
  reading: 'in-sync',
  commit: 1,
  days: [day],
  progress: null,
  engineReason: null,
  warnings: [],
  error: null,
};

describe('the log', () => {
  it('is silent about a reconcile that found everything in order', () => {
    const { observer, lines } = createSubject();
    observer.reconciled(surveyOf(), 1);
    expect(lines).toEqual([]);
  });

  it('has a line for a reconcile that put the checkpoint right', () => {
    const { observer, lines } = createSubject();
    observer.reconciled(surveyOf({ repaired: true, stored: { status: 'value', text: '7' } }), 1.4);
    expect(lines).toMatchObject([
      [
        'warn',
        'a reconcile put the checkpoint right',
        { checkpoint: { reading: 'ahead' }, durationMs: 1 },
      ],
    ]);
  });

  it('has one line for a notice that appears, and one when it is gone', () => {
    const { observer, lines } = createSubject();
    const one = { code: 'not-days', message: 'Left out: a.' } as const;
    const other = { code: 'not-days', message: 'Left out: a, b.' } as const;
    for (const notices of [[one], [one], [other], [other], []]) {
      observer.noticed(notices);
    }
    expect(lines).toEqual([
      ['warn', 'Left out: a.', { notice: 'not-days' }],
      ['warn', 'Left out: a, b.', { notice: 'not-days' }],
      ['info', 'no longer so: Left out: a.', { notice: 'not-days' }],
      ['info', 'no longer so: Left out: a, b.', { notice: 'not-days' }],
    ]);
  });

  it('has what was recovered where it happened, and not again as a notice', () => {
    const { observer, lines } = createSubject();
    observer.warning('version 3 was published');
    const notice = { code: 'recovered', message: 'version 3 was published' } as const;
    observer.noticed([notice]);
    observer.noticed([]);
    expect(lines).toEqual([['warn', 'version 3 was published', {}]]);
  });

  it('has one line for a store that is down, and one when it is back', () => {
    const { observer, lines } = createSubject();
    const down = surveyOf({ stored: { status: 'unavailable', reason: 'refused' } });
    for (let times = 0; times < 3; times += 1) {
      observer.checkpointUnavailable('refused');
      observer.reconciled(down, 1);
    }
    observer.reconciled(surveyOf(), 1);
    observer.reconciled(surveyOf(), 1);
    expect(lines.map(([level, message]) => [level, message])).toEqual([
      ['warn', 'the checkpoint store is not available'],
      ['info', 'the checkpoint store is back'],
    ]);
  });

  it('has a line for each run and each day', () => {
    const { observer, lines } = createSubject();
    observer.runStarted(run);
    observer.dayFinished(run, day);
    observer.runFinished(run);
    expect(lines).toMatchObject([
      ['debug', 'a run started', { runId: 'r' }],
      ['info', 'day 3 added', { runId: 'r', day: '3', rows: 4 }],
      ['info', 'the run succeeded', { runId: 'r', days: 1, durationMs: 1500 }],
    ]);
  });

  it('warns of failures, without a day’s every problem', () => {
    const { observer, lines } = createSubject();
    const problem = { file: 'a.csv', line: 2, column: null, value: null, message: 'bad' };
    const error = {
      code: 'raw-invalid',
      detail: 'a.csv, line 2: bad',
      problems: [problem],
      problemCount: 1,
    } as const;
    observer.dayFinished(run, { ...day, outcome: 'failed', error });
    observer.runFinished({ ...run, status: 'failed' });
    observer.warning('odd', new Error('cause'));
    observer.warning('odd');
    expect(lines).toMatchObject([
      ['warn', 'day 3 failed', { error: { code: 'raw-invalid', problemCount: 1 } }],
      ['warn', 'the run ended: failed', { runId: 'r' }],
      ['warn', 'odd', { err: { message: 'cause' } }],
      ['warn', 'odd', {}],
    ]);
    expect(lines[0]?.[2]).not.toHaveProperty('error.problems');
  });
});

describe('the metrics', () => {
  async function linesOf({ metrics }: ReturnType<typeof createSubject>) {
    return withoutDataset(await metrics.render()).split('\n');
  }

  it('count runs, days, rows and bytes', async () => {
    const subject = createSubject();
    subject.observer.dayFinished(run, day);
    subject.observer.dayFinished(run, { ...day, outcome: 'unchanged' });
    subject.observer.runFinished(run);
    expect(await linesOf(subject)).toEqual(
      expect.arrayContaining([
        'daymark_runs_total{status="succeeded"} 1',
        'daymark_days_total{outcome="added"} 1',
        'daymark_days_total{outcome="unchanged"} 1',
        'daymark_rows_total 4',
        'daymark_raw_bytes_total 200',
        'daymark_run_duration_seconds_sum 1.5',
      ]),
    );
  });

  it('count what a dry run read, and not what it would write', async () => {
    const subject = createSubject();
    subject.observer.dayFinished({ ...run, request: { ...run.request, dryRun: true } }, day);
    const lines = await linesOf(subject);
    expect(lines).toEqual(
      expect.arrayContaining(['daymark_rows_total 0', 'daymark_raw_bytes_total 100']),
    );
    expect(lines).toContain('daymark_days_total{outcome="added"} 0');
  });

  it('count readings, repairs and failures of the store', async () => {
    const subject = createSubject();
    subject.observer.reconciled(surveyOf(), 1);
    subject.observer.reconciled(surveyOf({ repaired: true }), 1);
    subject.observer.checkpointUnavailable('refused');
    expect(await linesOf(subject)).toEqual(
      expect.arrayContaining([
        'daymark_reconcile_readings_total{reading="in-sync"} 2',
        'daymark_checkpoint_repairs_total 1',
        'daymark_redis_failures_total 1',
        'daymark_pending_days 0',
        'daymark_checkpoint_day Nan',
      ]),
    );
  });

  it('of two services do not mix', async () => {
    const [one, other] = [createSubject(), createSubject()];
    one.observer.checkpointUnavailable('refused');
    expect(await linesOf(other)).toContain('daymark_redis_failures_total 0');
  });
});
