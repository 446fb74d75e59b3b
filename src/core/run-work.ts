/** What a run does from the moment at which it leaves the queue. */

import type { EngineName } from '../model/engine.js';
import { type Run, statusOf } from '../model/run.js';
import { chooseEngine, fastestLocal } from './choose-engine.js';
import type { CommitGate } from './commit-gate.js';
import { type ExecuteRunOptions, executeRun } from './execute-run.js';
import { type Plan, plan } from './plan.js';
import type { Engine } from './ports/engine.js';
import { endOfFailure } from './run-decisions.js';
import type { RunRegistry } from './run-registry.js';
import type { Survey } from './survey.js';

export interface RunWorkOptions extends Omit<ExecuteRunOptions, 'engine'> {
  readonly registry: RunRegistry;
  readonly engines: ReadonlyMap<EngineName, Engine>;
  /** Raw bytes of a run from which `auto` chooses Spark. */
  readonly sparkFromBytes: number;
}

/** A run that can be stopped, as long as its gate says so. */
export interface Begun {
  readonly runId: string;
  readonly gate: CommitGate;
}

export interface Working extends Begun {
  /** Null until it has looked at the world. */
  plan: Plan | null;
  finished: Promise<unknown>;
}

/** How the run ends. Never rejects: what goes wrong is its end. */
export async function workOn(
  options: RunWorkOptions,
  begun: Working,
  known: Survey | null,
): Promise<Partial<Run>> {
  const { registry, reconciler, layout, engines, sparkFromBytes } = options;
  const { runId, gate } = begun;
  const { request } = registry.get(runId);
  try {
    const survey = known ?? (await reconciler.survey());
    begun.plan = plan(layout, survey, request);
    const chosen = chooseEngine(
      request.engine,
      begun.plan.take,
      sparkFromBytes,
      fastestLocal(engines),
    );
    const engine = engines.get(chosen.name) as Engine;
    registry.update(runId, { engineReason: chosen.reason });
    await registry.save(runId);
    const meter = registry.meter(runId);
    const result = await executeRun(
      { ...options, engine },
      {
        runId,
        request,
        gate,
        meter,
        planned: (found) => {
          begun.plan = found;
          meter.plan(found.take);
        },
        update: (patch) => registry.update(runId, patch),
        reached: (sofar) => registry.reached(runId, sofar),
        keep: () => registry.save(runId),
      },
      survey,
    );
    return { ...result, status: statusOf(result) };
  } catch (error) {
    return endOfFailure(registry.get(runId), gate.signal, error);
  }
}
