/** Ctrl-C and other polite requests to stop: the first is handled, the second ends the process at once. */
import { type ExitCode, exitCodes } from './exit-codes.js';

export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** The exit status in that case. */
  readonly exitCode: () => ExitCode;
  release(): void;
}

const codes = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.terminated,
} as const;
const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function listenForInterruption(onHeard: () => void): Interruption {
  const controller = new AbortController();
  let exitCode: ExitCode = exitCodes.interrupted;
  const hear = (name: NodeJS.Signals) => {
    exitCode = codes[name as keyof typeof codes];
    // A commit is all or nothing, so a hard end costs no more than the run.
    if (controller.signal.aborted) process.exit(exitCode);
    controller.abort();
    onHeard();
  };
  for (const name of names) process.on(name, hear);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    release: () => {
      for (const name of names) process.off(name, hear);
    },
  };
}
