/**
 * Decides between a stop and a commit. The first wins, and the other is refused: no commit follows a granted stop, and
 * no stop is granted after the commit point.
 */

/** Why a run was stopped; becomes its status. */
export type Stopped = 'cancelled' | 'interrupted';

export interface CommitGate {
  /** Aborted by a stop that was granted, with it as the reason. */
  readonly signal: AbortSignal;
  /** False if it is too late. An interruption then still ends the work if it would start over. */
  stop(status: Stopped): boolean;
  /**
   * Called immediately before the irreversible step, with no wait in between. Throws the signal's reason if a stop was
   * granted.
   */
  pass(): void;
  /** Nothing was committed after all: the work can be stopped again. */
  reopen(): void;
}

export function createCommitGate(): CommitGate {
  const controller = new AbortController();
  const { signal } = controller;
  let isPast = false;
  let isInterrupted = false;

  return {
    signal,
    stop: (status) => {
      isInterrupted ||= status === 'interrupted';
      if (!isPast) controller.abort(status);
      return !isPast;
    },
    pass: () => {
      signal.throwIfAborted();
      isPast = true;
    },
    reopen: () => {
      isPast = false;
      if (isInterrupted) controller.abort('interrupted' satisfies Stopped);
    },
  };
}
