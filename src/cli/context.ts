import type { Console } from './console.js';
import type { ExitCode } from './exit-codes.js';
import type { Env } from './settings.js';

/** The parts of the process that a command may use. */
export interface CliContext {
  readonly env: Env;
  readonly console: Console;
  /** The words of the command line, without the program. */
  readonly args: readonly string[];
}

/** Wraps what a command does as a handler of yargs. */
export type Perform = <Args>(
  action: (args: Args) => Promise<ExitCode>,
) => (args: Args) => Promise<void>;
