/**
 * While runs of this process are unfinished: checks for cancel requests from other processes, and gives signs of life.
 * Also retries writing the ends of runs.
 */
import type { RunHistory } from './ports/run-history.js';

export interface RunBeat {
  /** The runs that have not ended changed. */
  changed(): void;
}

export interface RunBeatOptions {
  readonly history: Pick<RunHistory, 'pace' | 'takeCancel' | 'touch'>;
  /** Runs of this process that have not ended, and are on disk. */
  active(): readonly string[];
  cancel(runId: string): Promise<unknown>;
  /** Ends that are not on disk yet. */
  readonly late: { isOwed(): boolean; save(): Promise<void> };
  warn(message: string, cause: unknown): void;
}

export function createRunBeat({ history, active, cancel, late, warn }: RunBeatOptions): RunBeat {
  const { cancelMs, touchMs } = history.pace;
  let timer: NodeJS.Timeout | undefined;
  let touchedAtMs = 0;
  let isBusy = false;

  const beat = async () => {
    const isDue = performance.now() - touchedAtMs >= touchMs;
    if (isDue) touchedAtMs = performance.now();
    for (const runId of active()) {
      if (isDue) await history.touch(runId);
      if (await history.takeCancel(runId)) await cancel(runId);
    }
    if (!late.isOwed()) return;
    // The first failure was already reported.
    await late.save().catch(() => {});
    changed();
  };

  const tick = () => {
    if (isBusy) return;
    isBusy = true;
    beat()
      .catch((error) => warn('the signs of life of runs could not be kept', error))
      .finally(() => {
        isBusy = false;
      });
  };

  const changed = () => {
    const isNeeded = active().length > 0 || late.isOwed();
    if (isNeeded && timer === undefined) {
      touchedAtMs = performance.now();
      timer = setInterval(tick, Math.min(cancelMs, touchMs)).unref();
    } else if (!isNeeded) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  return { changed };
}
