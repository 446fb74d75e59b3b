import { trace } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import type { Run, RunDay } from '../../src/core/run.js';
import { createRunSpans } from '../../src/telemetry/tracing/run-spans.js';
import { silent } from '../core/plane.js';

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
    };
    dayFinished(run, day as unknown as RunDay);
  }
  expect(looks / days).toBeLessThan(10);
});
