import { onTestFinished } from 'vitest';
import { createGatedDisk } from './gated-disk.js';
import { type ServiceWish, startService, type TestService } from './support.js';

export interface BusyService extends TestService {
  /** The run that stays active until `release`. */
  readonly runId: string;
  release(): void;
}

/** A service whose first run is held up right before its output is staged. */
export async function startBusyService(wish: ServiceWish = {}): Promise<BusyService> {
  const gate = createGatedDisk();
  const test = await startService({
    days: { '0': [{ hour: 8, produce: 2 }] },
    ...wish,
    disk: gate.disk,
  });
  gate.close();
  // Registered after the service's own stop, so it comes before: a stop would wait for the run.
  onTestFinished(gate.open);
  const { body } = await test.http.post('/v1/runs').send({}).expect(202);
  return { ...test, runId: body.id, release: gate.open };
}
