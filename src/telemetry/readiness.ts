/** Whether the service can do its work: asked by load balancers and orchestrators every few seconds. */
import { constants } from 'node:fs';
import type { CheckpointStore } from '../core/ports/checkpoint.js';
import type { Publication } from '../core/ports/output.js';
import type { Survey } from '../core/survey.js';
import type { Disk } from '../disk/disk.js';
import { access } from '../disk/look-at.js';
import { hangIn } from '../disk/waits.js';
import type { Readiness, ReadinessCheck } from '../http/app-options.js';
import { groupedBy } from '../model/grouped.js';
import { degradingCodes, type Notice } from '../model/notice.js';
import { ProblemError } from '../model/problems.js';
import { whyNotStaged } from '../output/probes.js';
import type { StateFolder } from '../output/state-folder.js';
import { inTime } from '../process/time-limit.js';

export interface ReadinessOptions {
  readonly rawDir: string;
  readonly folder: StateFolder;
  readonly disk: Disk;
  readonly checkpoint: CheckpointStore;
  /** How a version takes the output's place. */
  readonly publication: () => Publication;
  /** A look as every data route has it. */
  readonly glance: () => Promise<Survey>;
}

/** Long enough for a healthy store, short enough for the caller. */
const checkpointTimeoutMs = 250;
/** A mount that hangs must not hang the callers. */
const lookTimeoutMs = 2_000;
/** If a single file system call takes longer, a look exceeds its limit. */
const hangingMs = 1_500;

export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { rawDir, folder, disk } = options;
  // If a mount hangs, each of them has at most one pending call.
  const mayReadRaw = shared(() => access(rawDir, constants.R_OK | constants.X_OK));
  const mayWrite = shared(() => access(folder.outputFolder, constants.W_OK));
  const whyNotWritten = shared(() => whyNotStaged(disk, folder));
  const glance = shared(options.glance);
  return async () => {
    const [raw, output, checkpoint, looked] = await Promise.all([
      checkAccess('raw-root', rawDir, mayReadRaw, 'readable'),
      checkOutput(folder, mayWrite, whyNotWritten),
      checkCheckpoint(options.checkpoint),
      checkLook(glance, [rawDir, folder.outputFolder]),
    ]);
    const named = new Set(looked.map(({ name }) => name));
    // A look's result takes precedence: it saw more.
    const checks = [raw, output, checkpoint, checkPublication(options.publication())]
      .filter(({ name }) => !named.has(name))
      .concat(looked);
    return { ready: checks.every(({ status }) => status !== 'failed'), checks };
  };
}

/** For a dataset that is not open. */
export function notOpen(why: string): Readiness {
  return { ready: false, checks: [{ name: 'dataset', status: 'failed', detail: why }] };
}

interface Checked {
  readonly name: string;
  readonly readiness: () => Promise<Readiness>;
}

/**
 * A service with one dataset is as ready as that. With several it is ready as long as one of them is: clients turned
 * away could reach none of them.
 */
export function readinessOfAll(
  datasets: readonly [Checked, ...Checked[]],
): () => Promise<Readiness> {
  const [only, ...others] = datasets;
  if (others.length === 0) return only.readiness;
  return async () => {
    const found = await Promise.all(
      datasets.map(async ({ name, readiness }) => ({ name, ...(await readiness()) })),
    );
    return {
      ready: found.some(({ ready }) => ready),
      checks: found.flatMap(({ name, checks }) =>
        checks.map((check) => ({ ...check, dataset: name })),
      ),
    };
  };
}

/** Runs need more than a look does: room, and names that can be moved from the state folder to the output. */
async function checkOutput(
  { outputFolder }: StateFolder,
  mayWrite: () => Promise<void>,
  whyNot: () => Promise<string | null>,
): Promise<ReadinessCheck> {
  const name = 'output-folder';
  const permitted = await checkAccess(name, outputFolder, mayWrite, 'writable');
  if (permitted.status !== 'ok') return permitted;
  const found = await inTime(
    whyNot().then((why) => ({ why })),
    lookTimeoutMs,
  );
  if (found === null) return { name, status: 'failed', detail: late(outputFolder) };
  return found.why === null ? permitted : { name, status: 'failed', detail: found.why };
}

async function checkAccess(
  name: string,
  path: string,
  isPermitted: () => Promise<void>,
  virtue: string,
): Promise<ReadinessCheck> {
  try {
    const isTold = await inTime(
      isPermitted().then(() => true),
      lookTimeoutMs,
    );
    if (isTold) return { name, status: 'ok', detail: `${path} is ${virtue}.` };
    return { name, status: 'failed', detail: late(path) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { name, status: 'failed', detail: `${path} is not ${virtue} (${code}).` };
  }
}

/** Never fails the service: the checkpoint is an optimisation. */
async function checkCheckpoint(checkpoint: CheckpointStore): Promise<ReadinessCheck> {
  const name = 'checkpoint-store';
  const limitMs = checkpoint.kind === 'redis' ? checkpointTimeoutMs : lookTimeoutMs;
  const stored = await checkpoint.read(performance.now() + limitMs);
  const refusal = checkpoint.refusal();
  switch (stored.status) {
    case 'unavailable':
      return { name, status: 'degraded', detail: stored.reason };
    case 'wrong-type':
      return {
        name,
        status: 'degraded',
        detail: `The key holds a ${stored.type}; it is left alone.`,
      };
    default:
      if (refusal !== null) {
        const detail = `The checkpoint can be read, but not written: ${refusal}.`;
        return { name, status: 'degraded', detail };
      }
      return { name, status: 'ok', detail: `The ${checkpoint.kind} checkpoint answers.` };
  }
}

/** It is fine that names cannot be exchanged, as long as only Daymark writes the output. */
function checkPublication(publication: Publication): ReadinessCheck {
  const detail =
    publication === 'exchange'
      ? 'A version is exchanged with what lies there, so that nothing of others is lost.'
      : 'Names cannot be exchanged here: what another program renames onto the output in the instant of a publication is not kept.';
  return { name: 'publication', status: 'ok', detail };
}

/** What the routes would answer with; nothing where a look finds all in order. */
async function checkLook(
  glance: ReadinessOptions['glance'],
  places: readonly string[],
): Promise<ReadinessCheck[]> {
  try {
    const survey = await inTime(glance(), lookTimeoutMs);
    if (survey !== null) return noticeChecks(survey.notices);
    // A large output takes time, but then the routes answer; if something hangs, they do not.
    const hanging = hangIn(places, hangingMs);
    if (hanging !== null) return [{ name: 'look', status: 'failed', detail: hanging }];
    const detail = `A look at the raw root and the output takes longer than ${lookTimeoutMs} ms.`;
    return [{ name: 'look', status: 'degraded', detail }];
  } catch (error) {
    const { message } = error as Error;
    const name = error instanceof ProblemError ? checkNames[error.slug] : undefined;
    return [{ name: name ?? 'look', status: 'failed', detail: message }];
  }
}

/** By the problem that a look ends with. */
const checkNames: Readonly<Partial<Record<ProblemError['slug'], string>>> = {
  'raw-unavailable': 'raw-root',
  'output-unavailable': 'output-folder',
  'output-unreadable': 'output',
};

/** One check for each code, with all its messages. */
function noticeChecks(notices: readonly Notice[]): ReadinessCheck[] {
  const degrading = notices.filter(({ code }) => degradingCodes.has(code));
  return [...groupedBy(degrading, ({ code }) => code)].map(([name, some]) => {
    return { name, status: 'degraded', detail: some.map(({ message }) => message).join(' ') };
  });
}

function late(path: string): string {
  return `${path} did not answer within ${lookTimeoutMs} ms: its mount or disk hangs.`;
}

/** Callers share what is under way. */
function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | null = null;
  return () => {
    current ??= work().finally(() => {
      current = null;
    });
    return current;
  };
}
