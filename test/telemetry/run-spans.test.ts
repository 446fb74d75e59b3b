import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { hrTimeToMilliseconds } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Engine, EngineJob } from '../../src/core/ports/engine.js';
import { newRun } from '../../src/core/run-decisions.js';
import type { Run, RunDay } from '../../src/model/run.js';
import { createRunSpans } from '../../src/telemetry/tracing/run-spans.js';
import { request, silent } from '../core/plane.js';

it('tells each of thousands of days without a look at all others', async () => {
  const spans = createRunSpans(trace.getTracer('test'));
  const run = { id: 'a-run', request: {}, days: [], warnings: [] } as unknown as Run;
  await spans.runScope(run, async () => {});
  const { dayFinished } = spans.observer(silent);
  const days = 1_000;
  let looks = 0;
  for (let number = 0; number < days; number += 1) {
    const day = {
      get day() {
        looks += 1;
        return String(number);
      },
      state: 'new',
      outcome: 'failed',
      totals: {},
    };
    dayFinished(run, day as unknown as RunDay);
  }
  expect(looks / days).toBeLessThan(10);
});

it('gives the spans of a run the time that passed, though the clock was put back meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(() => {
    context.disable();
    vi.useRealTimers();
  });
  const exporter = new InMemorySpanExporter();
  const processors = [new SimpleSpanProcessor(exporter)];
  const provider = new BasicTracerProvider({ spanProcessors: processors });
  const spans = createRunSpans(provider.getTracer('test'));
  const engine = spans.engine({
    name: 'csv',
    aggregate: async () => {
      vi.setSystemTime(Date.now() - 3_600_000);
      await new Promise((resolve) => setTimeout(resolve, 40));
    },
  } as unknown as Engine);
  const run = newRun(request(), null);
  await spans.runScope(run, () => engine.aggregate({ day: '0' } as EngineJob));
  const observer = spans.observer(silent);
  const totals = { trips: 3, fare: '1.5' };
  observer.dayFinished(run, {
    day: '0',
    state: 'new',
    outcome: 'added',
    totals,
  } as unknown as RunDay);
  observer.runFinished(run);
  const finished = exporter.getFinishedSpans();
  expect(finished.map(({ name }) => name).sort()).toEqual(['day', 'run']);
  expect(finished.find(({ name }) => name === 'day')?.attributes).toMatchObject({
    'daymark.day.totals.trips': 3,
    'daymark.day.totals.fare': '1.5',
  });
  for (const { duration } of finished) {
    const ms = hrTimeToMilliseconds(duration);
    expect(ms).toBeGreaterThanOrEqual(39);
    expect(ms).toBeLessThan(60_000);
  }
});
