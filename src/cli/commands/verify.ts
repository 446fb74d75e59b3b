import type { Argv } from 'yargs';
import { engineChoices } from '../../model/engine.js';
import { hasCompared } from '../../model/verdict.js';
import { type Connected, type ConnectionArgs, connected, withConnection } from '../connect.js';
import type { CliContext, Perform } from '../context.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { overOneFile } from '../one-file.js';
import { performRun } from '../perform-run.js';
import { print } from '../print.js';
import { tellFailure } from '../tell-failure.js';
import { viewWarnings } from '../views/notices.js';
import { failureOfRun } from '../views/run.js';
import { viewVerdicts } from '../views/verify.js';

export function addVerify(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'verify',
    'compare every day of the output with its raw files',
    (command) =>
      withConnection(command)
        .option('engine', {
          choices: engineChoices,
          description: 'the engine that reads the raw files',
        })
        .option('quiet', {
          alias: 'q',
          type: 'boolean',
          default: false,
          description: 'no progress',
        })
        .example('$0 verify', 'names the days that differ, and how; exits with 1 if there are any')
        .example('$0 verify --engine csv', 'with the reference engine')
        .example('$0 verify --url http://localhost:3000 --json', 'for machines')
        .epilogue(
          'A dry run over all days: it reads every raw file and changes no row of the output. Like every command, it corrects a wrong checkpoint. A folder of part files that Spark wrote is read as one file, and left as it is.',
        ),
    perform((args) =>
      overOneFile(context, args, (context, args) =>
        connected(context, args, (connection) => verify(context, connection, args)),
      ),
    ),
  );
}

type VerifyArgs = ConnectionArgs & Readonly<{ engine?: string | undefined; quiet: boolean }>;

async function verify(
  { console: { out, err } }: CliContext,
  connection: Connected,
  { engine, quiet, json }: VerifyArgs,
): Promise<ExitCode> {
  const { client } = connection;
  const { run, leftBy } = await performRun(err, connection, {
    wish: { select: 'all' },
    submit: () => client.verify(engine === undefined ? {} : { engine }),
    waitMs: null,
    quiet,
  });
  if (leftBy !== null || !hasCompared(run)) {
    const failure = failureOfRun(run, connection);
    if (failure !== null) tellFailure(err, failure);
    return leftBy ?? failure?.exitCode ?? exitCodes.unavailable;
  }
  const answer = await client.verdicts(run.id);
  print(
    out,
    { json },
    answer,
    () => viewWarnings(out, answer.warnings) + viewVerdicts(out, answer),
  );
  return answer.ok ? exitCodes.ok : exitCodes.found;
}
