/**
 * Verify: a dry run that compares the output with its raw files, and its verdicts. Callers with the same request at
 * the same time share the run. It is cancelled once all of them have gone away, unless one of them was
 * told to come back for it.
 */
import type { DayLayout } from '../model/day.js';
import { ProblemError } from '../model/problems.js';
import { comparesOnly, hasEnded, type Run } from '../model/run.js';
import type { DayVerdict } from '../model/verdict.js';
import type { Submission, VerifyRequest } from './control-plane.js';
import { judge } from './judge.js';
import type { Reconciler } from './reconciler.js';
import type { RunQueue } from './run-queue.js';
import type { RunRegistry } from './run-registry.js';

export interface Verifier {
  /** The run that compares, as soon as it has a place. */
  begin(request: VerifyRequest): Promise<Run>;
  /** Around all that waits for any run to end. */
  waiting<T>(runId: string, wait: Promise<T>): Promise<T>;
  /** A caller relies on the run without waiting for it, so it runs to its end. */
  keep(runId: string): void;
  /** A caller of `begin` went away without an answer. */
  abandon(runId: string): Promise<void>;
  /** Of a comparison that has ended. */
  verdicts(run: Run): Promise<DayVerdict[]>;
}

interface VerifierOptions {
  readonly layout: DayLayout;
  readonly queue: Pick<RunQueue, 'submit'>;
  readonly registry: Pick<RunRegistry, 'ended'>;
  readonly reconciler: Pick<Reconciler, 'survey'>;
  /** Past its commit point a run goes on. */
  cancel(runId: string): Promise<unknown>;
}

export function createVerifier(options: VerifierOptions): Verifier {
  const { layout, queue, registry, reconciler, cancel } = options;
  /** Runs that only callers of `begin` have asked for. */
  const dispensable = new Set<string>();
  const waits = new Map<string, number>();

  const watch = ({ run, shared = false }: Submission) => {
    if (shared || hasEnded(run)) return;
    dispensable.add(run.id);
    void registry.ended(run.id).then(() => dispensable.delete(run.id));
  };

  return {
    begin: async ({ days, engine, engineAsked }) => {
      const work = { dryRun: true, engine, engineAsked, onDayFailure: 'continue' } as const;
      const submission = await queue.submit(
        { ...work, select: days === null ? 'all' : 'days', days },
        { key: null, ifActive: 'share' },
      );
      watch(submission);
      return submission.run;
    },
    waiting: async (runId, wait) => {
      waits.set(runId, (waits.get(runId) ?? 0) + 1);
      try {
        return await wait;
      } finally {
        const left = (waits.get(runId) ?? 1) - 1;
        if (left === 0) waits.delete(runId);
        else waits.set(runId, left);
      }
    },
    keep: (runId) => {
      dispensable.delete(runId);
    },
    abandon: async (runId) => {
      if (dispensable.has(runId) && !waits.has(runId)) await cancel(runId);
    },
    verdicts: async (run) => {
      const { days } = await reconciler.survey();
      return judge(layout, run, days);
    },
  };
}

/** Throws `run-not-found` where the run is of another kind, and so leaves days out. */
export function refuseOtherRun(run: Run): void {
  if (comparesOnly(run.request) && run.request.onDayFailure === 'continue') return;
  const detail = `Run ${run.id} is no comparison of all days or of listed ones. GET /v1/verify begins one.`;
  throw new ProblemError('run-not-found', detail);
}
