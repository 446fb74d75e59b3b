/** A process that is over its bounds turns requests away, and says that it is alive. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startService } from './support.js';

/** Keeps the thread from everything else. */
function block(durationMs: number): void {
  const until = performance.now() + durationMs;
  while (performance.now() < until);
}

it('a process that is over its memory answers liveness and metrics only', async () => {
  const { http } = await startService({ settings: { MAX_HEAP_BYTES: '1' } });
  await eventually(async () => {
    const { body, headers } = await http.get('/v1/checkpoint').expect(503);
    expect(body.type).toBe('/problems/overloaded');
    expect(headers['retry-after']).toBe('3');
  });
  await http.post('/v1/runs').expect(503);
  await http.get('/health/ready').expect(503);
  await http.get('/health/live').expect(200);
  await http.get('/metrics').expect(200);
});

it('a process whose event loop is late recovers by itself', async () => {
  const { http } = await startService({ settings: { MAX_LOOP_DELAY_MS: '100' } });
  await eventually(async () => {
    block(1_500);
    await http.get('/v1/checkpoint').expect(503);
  }, 15_000);
  await eventually(async () => {
    await http.get('/v1/checkpoint').expect(200);
  }, 10_000);
});

it('stalls within the bound turn no one away, also where nothing was measured for a second', async () => {
  const { http } = await startService({ settings: { MAX_LOOP_DELAY_MS: '2000' } });
  for (let turn = 0; turn < 4; turn += 1) {
    block(1_300);
    await nextTurn();
  }
  await http.get('/v1/checkpoint').expect(200);
}, 20_000);

it('bounds of 0 are none', async () => {
  const { http } = await startService({ settings: { MAX_LOOP_DELAY_MS: '0' } });
  block(2_500);
  await http.get('/v1/checkpoint').expect(200);
});
