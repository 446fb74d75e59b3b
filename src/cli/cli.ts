/** The whole command line: which command runs, and the exit status. */
import yargs from 'yargs';
import { version } from '../process/version.js';
import { addCheck } from './commands/check.js';
import { addCheckpoint } from './commands/checkpoint.js';
import { addDays } from './commands/days.js';
import { addGenerate } from './commands/generate.js';
import { addInit } from './commands/init.js';
import { addPlan } from './commands/plan.js';
import { addRun } from './commands/run.js';
import { addServe } from './commands/serve.js';
import { addStatus } from './commands/status.js';
import { addVerify } from './commands/verify.js';
import type { CliContext, Perform } from './context.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import { failureOf, UsageError } from './failure.js';
import { writeJson } from './print.js';
import { tellFailure } from './tell-failure.js';

const commands = [
  addServe,
  addInit,
  addRun,
  addStatus,
  addDays,
  addPlan,
  addVerify,
  addCheck,
  addCheckpoint,
  addGenerate,
];

const maxHelpColumns = 100;

export async function runCli(context: CliContext): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const perform: Perform = (action) => async (args) => {
    exitCode = await action(args);
  };
  try {
    await parserOf(context, perform).parseAsync();
  } catch (error) {
    exitCode = tell(context, error);
  }
  return exitCode;
}

function parserOf(context: CliContext, perform: Perform) {
  const parser = yargs([...context.args])
    .scriptName('daymark')
    .usage('$0 COMMAND\n\nKeeps one aggregated CSV exactly equal to what its raw day folders say.')
    // Each option has one spelling, and if it is given twice, the last one counts.
    .parserConfiguration({
      'camel-case-expansion': false,
      'duplicate-arguments-array': false,
      'parse-positional-numbers': false,
    })
    .locale('en')
    .wrap(Math.min(maxHelpColumns, context.console.out.columns()));
  for (const add of commands) add(parser, context, perform);
  return parser
    .completion('completion', 'print a completion script for the shell that $SHELL names')
    .demandCommand(1, 'Say what to do: name a command.')
    .recommendCommands()
    .strict()
    .version(version)
    .help()
    .epilogue('daymark COMMAND --help has options and examples; docs/CLI.md the exit codes.')
    .exitProcess(false)
    .fail(refuse);
}

/** Errors of a command pass through; anything that yargs finds wrong is a mistake in the command line. */
function refuse(message: string | null, error?: Error): never {
  throw error !== undefined && error.name !== 'YError' ? error : new UsageError(message ?? '');
}

function tell({ console: { out, err }, args }: CliContext, error: unknown): ExitCode {
  const failure = failureOf(error);
  if (args.includes('--json') && failure.problem !== undefined) writeJson(out, failure.problem);
  tellFailure(err, failure);
  if (args.includes('--verbose') && error instanceof Error) err.write(`\n${stackOf(error)}\n`);
  return failure.exitCode;
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by: ${stackOf(error.cause)}` : own;
}
