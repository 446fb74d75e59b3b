/** The checks of /health/ready as metrics, so that an alert can tell which of them fails. */
import { Gauge, type Registry } from 'prom-client';

export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'degraded' | 'failed';
}

/** Must not throw, and must be bounded in time: a scrape waits for it. */
export type Checks = () => Promise<{ readonly checks: readonly Check[] }>;

export function gaugeChecks(registry: Registry, checks: Checks): void {
  new Gauge({
    name: 'daymark_check_ok',
    help: 'The checks of /health/ready, made at each scrape: 1 is ok, 0 is degraded or failed.',
    labelNames: ['check'] as const,
    registers: [registry],
    async collect() {
      const found = await checks();
      // Some checks exist only while something is wrong.
      this.reset();
      for (const { name, status } of found.checks)
        this.set({ check: name }, status === 'ok' ? 1 : 0);
    },
  });
}
