/** A summary of each dataset of the service; the slower the responses, the less often it is requested. */
import { type Signal, signal } from '@preact/signals';
import type { Client } from '../../client/client.js';
import type { Dataset } from '../../client/types.js';
import { type Problem, problemFrom } from '../model/problem.js';

export interface Catalog {
  readonly datasets: Signal<readonly Dataset[] | null>;
  readonly problem: Signal<Problem | null>;
  /** In milliseconds since 1970. */
  readonly lookedAt: Signal<number | null>;
  /** Looks unless it has looked within `everyMs`. */
  look(everyMs: number): Promise<void>;
}

/** The service should spend at most a twentieth of its time on this page. */
const restForEachMs = 20;

export function createCatalog(
  client: Pick<Client, 'datasets'>,
  now: () => number = Date.now,
): Catalog {
  const datasets = signal<readonly Dataset[] | null>(null);
  const problem = signal<Problem | null>(null);
  const lookedAt = signal<number | null>(null);
  let tookMs = 0;
  let isLooking = false;

  return {
    datasets,
    problem,
    lookedAt,
    look: async (everyMs) => {
      const restMs = Math.max(everyMs, tookMs * restForEachMs);
      if (isLooking || now() < (lookedAt.value ?? Number.NEGATIVE_INFINITY) + restMs) return;
      isLooking = true;
      const startedAt = now();
      try {
        datasets.value = await client.datasets();
        lookedAt.value = now();
        problem.value = null;
      } catch (error) {
        problem.value = problemFrom(error);
      }
      tookMs = now() - startedAt;
      isLooking = false;
    },
  };
}
