/**
 * All days of a run, read by one application.
 *
 *   look at each file ─▶ plan ─▶ spark-submit ─▶ manifest ─▶ each day's result, judged as it is asked for
 *
 * As in the scan engine, Spark's sums are taken only of files in which nothing is odd; of `columns`, of days
 * all of whose files are such. The others are left to an engine of this machine, so that results and errors are
 * the reference's own; but not those that are larger than what one machine should read again.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { EngineJob, EngineSession } from '../../core/ports/engine.js';
import type { EngineProgress } from '../../model/progress.js';
import { ByteMeter } from '../byte-meter.js';
import { ownDefinition } from '../day-result.js';
import { sideBySide } from '../side-by-side.js';
import { makeStaging, type Staging } from '../staging.js';
import { stopWhenAllAborted, untilAborted } from '../until-aborted.js';
import { runApplication } from './application.js';
import type { ApplicationEvent } from './application-event.js';
import { type DayWork, type SparkMeans, spread } from './day-work.js';
import { findSubmit } from './find-submit.js';
import { lookAtFile } from './look-at-file.js';
import { makePlan, type PlannedFile, type Sighted } from './plan.js';
import { openResults, type Results, type SeenDay } from './results.js';
import { watchStatus } from './status-api.js';
import { takeColumnsDay } from './take-columns.js';
import { takeWideDay } from './take-wide.js';

const jobFile = fileURLToPath(new URL('./daymark_job.py', import.meta.url));

export function openSession(
  jobs: readonly EngineJob[],
  means: SparkMeans,
  onProgress: (progress: EngineProgress) => void,
): EngineSession {
  const closing = new AbortController();
  const days = new Map(jobs.map((job, index) => [job, { ...workOf(job), index }]));
  const work = [...days.values()];
  const unneeded = stopWhenAllAborted(jobs, closing);
  let staging: Staging | null = null;

  const looked = lookAtAll(work, closing.signal);
  const results = looked.then(async (): Promise<Results> => {
    const sighted = sightedIn(work);
    staging = await makeStaging(means.stagingRoot);
    const { folder, token } = staging;
    const { explainUpToBytes } = means.settings;
    const made = makePlan(sighted, {
      token,
      owner: process.pid,
      explainUpToBytes,
      uriOf: means.uriOf,
      mostResultRows: means.mostResultRows,
    });
    assign(work, made.files);
    const plan = await staging.write('plan.json', made.plan);
    await submit(plan, staging, means, closing.signal, watcherOf(work, made.files, onProgress));
    return openResults(folder, token, made.files);
  });
  // It may fail before anyone asks.
  results.catch(() => undefined);

  return {
    aggregate: async (job) => {
      const day = days.get(job);
      if (day === undefined) throw new Error('the session was not begun with this job');
      job.signal.throwIfAborted();
      await untilAborted(job.signal, looked);
      const seen = day.files.some(({ look }) => look !== null)
        ? await (await untilAborted(job.signal, results)).ofDay(day.index)
        : nothing;
      const definition = ownDefinition(job);
      return definition.kind === 'wide'
        ? takeWideDay(day, seen.files, means)
        : takeColumnsDay({ ...day, definition }, seen, means);
    },
    close: async () => {
      unneeded();
      closing.abort(new Error('the session was closed'));
      await results.catch(() => undefined);
      await staging?.remove();
    },
  };
}

const nothing: SeenDay = { files: new Map(), rows: null };

function workOf(job: EngineJob): DayWork {
  const files = job.files.map((file) => {
    const meter = new ByteMeter((count) => job.signal.aborted || job.onBytes?.(count));
    return { file, meter, look: null, planned: null };
  });
  return { job, files };
}

/** A few files side by side: each is opened, and some kilobytes of it are read. */
async function lookAtAll(days: readonly DayWork[], signal: AbortSignal): Promise<void> {
  const files = days.flatMap(({ job, files: each }) => each.map((file) => ({ job, file })));
  await sideBySide(files, 4 * availableParallelism(), async ({ job, file }) => {
    signal.throwIfAborted();
    if (job.signal.aborted) return;
    file.look = await lookAtFile(file.file, job).catch((error) => {
      if (job.signal.aborted) return null;
      throw error;
    });
    if (file.look !== null)
      file.meter.reach(Math.min(file.look.header.rowsAt, file.file.sizeBytes));
  });
}

function sightedIn(days: readonly DayWork[]): Sighted[] {
  return days.flatMap(({ job, files }, day) =>
    files.flatMap(({ file, look }) => (look === null ? [] : [{ job, day, file, look }])),
  );
}

function assign(days: readonly DayWork[], planned: readonly PlannedFile[]): void {
  const inOrder = planned.values();
  for (const { files } of days) {
    for (const file of files) {
      if (file.look !== null) file.planned = inOrder.next().value ?? null;
    }
  }
}

async function submit(
  plan: string,
  { folder }: Staging,
  { settings, graceMs }: SparkMeans,
  signal: AbortSignal,
  watcher: Watcher,
): Promise<void> {
  const { master, conf, timeoutMs } = settings;
  const environment = { ...ourEnvironment, ...settings.environment };
  const command = await findSubmit(settings);
  const confs = Object.entries({ ...ourConf, ...conf }).flatMap(([name, value]) => [
    '--conf',
    `${name}=${value}`,
  ]);
  const args = ['--master', master, '--deploy-mode', 'client', ...confs, jobFile, plan];
  const ended = new AbortController();
  const onEvent = (event: ApplicationEvent) => watcher(event, ended.signal);
  try {
    const options = { command, args, folder, environment, master, timeoutMs, graceMs };
    await runApplication({ ...options, signal, onEvent });
  } finally {
    ended.abort();
  }
}

const ourConf: Readonly<Record<string, string>> = {
  'spark.app.name': 'daymark',
  'spark.ui.showConsoleProgress': 'false',
  'spark.executorEnv.LC_ALL': 'C.UTF-8',
};

/** In a locale without UTF-8, Java finds no file whose name goes beyond ASCII. Nothing is written where we are installed. */
const ourEnvironment = { LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' };

type Watcher = (event: ApplicationEvent, signal: AbortSignal) => void;

/** Bytes are told as Spark has them, in the order of the plan; a file that is done counts whole. */
function watcherOf(
  days: readonly DayWork[],
  planned: readonly PlannedFile[],
  onProgress: (progress: EngineProgress) => void,
): Watcher {
  const meters = days.flatMap(({ files }) => files.filter(({ look }) => look !== null));
  return ({ application, ui, files = [] }, signal) => {
    for (const id of files) meters[id]?.meter.reach(planned[id]?.file.sizeBytes ?? 0);
    if (application === undefined) return;
    onProgress({ application, stages: { done: 0, total: 0 }, tasks: { done: 0, total: 0 } });
    if (!ui) return;
    void watchStatus(ui, application, signal, ({ progress, inputBytes }) => {
      onProgress(progress);
      spread(inputBytes, meters);
    });
  };
}
