/** Connects the core's parts behind the interface that HTTP uses. */
import { v7 as uuidv7 } from 'uuid';
import type { CheckpointRule } from '../model/checkpoint.js';
import { layoutOf } from '../model/day.js';
import { type Definition, hashOf, shapeOf } from '../model/definition.js';
import type { EngineChoice, EngineName } from '../model/engine.js';
import type { WriterSettings } from '../model/ledger.js';
import { ProblemError } from '../model/problems.js';
import type { AdoptRule } from '../model/rules.js';
import { hasEnded, type Run } from '../model/run.js';
import { asItIs, type Say } from '../model/setting-names.js';
import { browseRows, filteredCsv } from './browse-rows.js';
import type { FileChecks } from './check-files.js';
import type { ControlPlane } from './control-plane.js';
import type { Observer, RunScope } from './observer.js';
import type { CheckpointStore } from './ports/checkpoint.js';
import type { Engine } from './ports/engine.js';
import type { OutputStore } from './ports/output.js';
import type { RawStore } from './ports/raw.js';
import type { RunHistory } from './ports/run-history.js';
import { createReconciler } from './reconciler.js';
import { rewind } from './rewind.js';
import { createRunQueue } from './run-queue.js';
import { createRunRegistry } from './run-registry.js';
import type { RunSlots } from './run-slots.js';
import { sumRows } from './sum-rows.js';
import { createVerifier } from './verify.js';
import { createWatch, type Watch } from './watch.js';

export interface ControlPlaneOptions {
  readonly raw: RawStore;
  readonly output: OutputStore;
  readonly checkpoint: CheckpointStore;
  readonly checkpointTimeoutMs: number;
  /** The time between background looks; 0 for none. */
  readonly watchIntervalMs: number;
  readonly history: RunHistory;
  readonly engines: ReadonlyMap<EngineName, Engine>;
  readonly defaultEngine: EngineChoice;
  /** Raw bytes of a run from which `auto` chooses Spark. */
  readonly sparkFromBytes: number;
  /** How raw days are aggregated. */
  readonly definition: Definition;
  readonly fileChecks: FileChecks;
  /** What to do with days that another program wrote; by default they are compared with their raw files. */
  readonly adopt?: AdoptRule;
  /** Which day the checkpoint store holds; the highest by default. */
  readonly checkpointRule?: CheckpointRule;
  /** Whether a raw root that lost its days is meant to be so; it is told by default, or refused. */
  readonly allowEmptyRaw?: boolean;
  /** The settings that commits record for this service. */
  readonly settings?: WriterSettings;
  /** Messages in terms of where this service is set up; as they are by default. */
  readonly say?: Say;
  readonly observer: Observer;
  /** Around all that a run does; nothing by default. */
  readonly runScope?: RunScope;
  /** The places for runs, which datasets share; one of its own by default. */
  readonly slots?: RunSlots;
}

/** The control plane with its lifecycle: `start` before the first call, `stop` after the last. */
export interface RunningControlPlane extends ControlPlane {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Tells what happened, as sentences, wherever notices are told. */
  note(happened: readonly string[]): void;
}

export function createControlPlane(options: ControlPlaneOptions): RunningControlPlane {
  const { definition, output, observer, checkpoint } = options;
  const { settings = {}, allowEmptyRaw = false, say = asItIs } = options;
  const layout = layoutOf(definition.dayKind);
  const shape = shapeOf(definition);
  const definitionHash = hashOf(definition);
  const rules = {
    definition: definitionHash,
    adopt: options.adopt ?? 'compare',
    checkpoint: options.checkpointRule ?? 'highest',
  };
  const reconciler = createReconciler({
    ...options,
    layout,
    rules,
    shape,
    settings,
    allowEmptyRaw,
    say,
  });
  const { commitOf } = output;
  const registry = createRunRegistry({ history: options.history, observer, commitOf });
  const queue = createRunQueue({
    ...options,
    ...{ layout, shape, definitionHash, settings, reconciler, registry, say },
  });

  const find = async (idOrKey: string): Promise<Run> => {
    const run = await registry.find(idOrKey);
    if (run !== null) return run;
    const detail = `No run has the id or key ${JSON.stringify(idOrKey)}.`;
    throw new ProblemError('run-not-found', detail);
  };

  /** Past its commit point a run goes on, and the caller sees how it ends. */
  const cancelHere = (runId: string) =>
    queue.cancel(registry.get(runId)).catch((error) => {
      if (!(error instanceof ProblemError)) throw error;
    });

  const verifier = createVerifier({ layout, queue, registry, reconciler, cancel: cancelHere });

  const warnOfLook = (error: unknown) =>
    observer.warning('a reconcile in the background failed', error);
  let watch: Watch | null = null;

  return {
    layout,
    start: async () => {
      reconciler.note(await output.open());
      if (output.publication() === 'rename') observer.warning(say(withoutExchange));
      await registry.open(cancelHere);
      // Recovers from a crash and verifies the file before the first request.
      await output.look().then(reconciler.began, warnOfLook);
      checkpoint.onRestored(() => void reconciler.survey().catch(warnOfLook));
      watch = createWatch(reconciler.survey, options.watchIntervalMs, warnOfLook);
    },
    stop: () => {
      watch?.stop();
      return queue.stop();
    },

    note: reconciler.note,

    survey: async () => {
      // Days tell which run touched them last.
      const [survey] = await Promise.all([reconciler.survey(), registry.refresh()]);
      return survey;
    },
    glance: reconciler.glance,

    submit: async (request, submitted) => {
      const submission = await queue.submit(request, submitted);
      verifier.keep(submission.run.id);
      return submission;
    },
    wait: async (runId, timeoutMs, signal) => {
      const leave = registry.follow(runId);
      const end = untilEnded(registry.ended(runId), timeoutMs, signal).finally(leave);
      await verifier.waiting(runId, end);
      return registry.get(runId);
    },
    run: find,
    feed: registry.feed,
    runs: async (filter) => {
      await registry.refresh();
      return registry.list(filter);
    },
    activeRun: queue.active,
    cancel: async (idOrKey) => {
      const run = await find(idOrKey);
      const isAsked = !hasEnded(run) && (await registry.cancelAbroad(run.id));
      return isAsked ? run : queue.cancel(run);
    },
    lastRunOf: registry.lastRunOf,

    verify: verifier.begin,
    leaveVerify: async (runId, comesBack) =>
      comesBack ? verifier.keep(runId) : verifier.abandon(runId),
    verdicts: verifier.verdicts,

    rewind: (day) =>
      queue.whileIdle(async () => {
        const place = { layout, definition: definitionHash, output, reconciler };
        const report = await rewind(place, uuidv7(), day);
        observer.rewound(day, report);
        return report;
      }),

    rows: (wanted, signal) => browseRows({ output, reconciler }, wanted, signal),
    sums: (wanted, signal) => sumRows({ output, reconciler }, wanted, signal),
    csv: (wanted, signal) => filteredCsv({ output, reconciler }, wanted, signal),
    outputFile: async () => {
      await reconciler.glance();
      return output.file();
    },
  };
}

/** Resolves at the end, at the timeout or at the abort, whichever is first; leaves nothing behind. */
function untilEnded(ended: Promise<void>, timeoutMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, timeoutMs);
    signal.addEventListener('abort', done, { once: true });
    void ended.then(done);
    if (signal.aborted) done();
  });
}

const withoutExchange =
  'names cannot be exchanged where DAYMARK_OUTPUT_FILE lies (it takes Linux, the optional package koffi, and a file system with RENAME_EXCHANGE), so that versions are published by rename: what another program writes there in the same instant is lost, but reported';
