import type { Argv } from 'yargs';
import type { RunWish } from '../../client/types.js';
import { engineChoices } from '../../model/engine.js';
import { ifActiveChoices } from '../../model/run.js';
import { type Connected, type ConnectionArgs, connected, withConnection } from '../connect.js';
import type { CliContext, Perform } from '../context.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { UsageError } from '../failure.js';
import { readSeconds } from '../option-values.js';
import { performRun, type RunOrder } from '../perform-run.js';
import { writeJson } from '../print.js';
import { type SelectionArgs, selectionOf, withSelection } from '../selection.js';
import { tellFailure } from '../tell-failure.js';
import { failureOfRun, viewRun } from '../views/run.js';

export function addRun(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'run',
    'process the pending days',
    (command) =>
      withRunOptions(withConnection(command))
        .example('$0 run', 'once, without a server')
        .example('$0 run --url http://localhost:3000', 'by the service there')
        .example('$0 run --days 3,4', 'these days, whatever their state')
        .example('$0 run --select all --dry-run', 'tell what would change, and change nothing')
        .example('$0 run --key nightly:2026-11-23', 'safe to send again')
        .example('$0 run --wait 600 --quiet', 'for cron: at most ten minutes, no progress'),
    perform((args) => connected(context, args, (connection) => runOnce(context, connection, args))),
  );
}

function withRunOptions<T>(yargs: Argv<T>) {
  return withSelection(yargs)
    .option('dry-run', {
      type: 'boolean',
      default: false,
      description: 'tell what would change, and change nothing',
    })
    .option('key', {
      type: 'string',
      requiresArg: true,
      description: 'idempotency key: the same key leads to the same run',
    })
    .option('wait', {
      type: 'string',
      requiresArg: true,
      description: 'at most this many seconds; 0 only starts it, with --url',
    })
    .option('engine', {
      choices: engineChoices,
      description: 'the engine that reads the raw files',
    })
    .option('on-day-failure', {
      choices: ['continue', 'stop'] as const,
      description: 'what to do with later days when a day fails (default: continue)',
    })
    .option('if-active', {
      choices: ifActiveChoices,
      description:
        'while another run is active: wait, share it if it covers this one, or fail (default: queue)',
    })
    .option('quiet', { alias: 'q', type: 'boolean', default: false, description: 'no progress' });
}

type RunArgs = ConnectionArgs &
  SelectionArgs &
  Readonly<{
    'dry-run': boolean;
    key?: string | undefined;
    wait?: string | undefined;
    engine?: string | undefined;
    'on-day-failure'?: string | undefined;
    'if-active'?: string | undefined;
    quiet: boolean;
  }>;

async function runOnce(
  { console: { out, err } }: CliContext,
  connection: Connected,
  args: RunArgs,
): Promise<ExitCode> {
  const order = orderOf(args, connection);
  const { run, leftBy } = await performRun(err, connection, order);
  if (args.json) writeJson(out, run);
  else out.write(viewRun(out, run));

  const failure = failureOfRun(run, connection);
  if (failure !== null) tellFailure(err, failure);
  if (order.waitMs === 0) return exitCodes.ok;
  return leftBy ?? failure?.exitCode ?? exitCodes.ok;
}

function orderOf(args: RunArgs, { isLocal }: Connected): RunOrder {
  const waitMs = args.wait === undefined ? null : readSeconds('wait', args.wait) * 1000;
  if (waitMs === 0 && isLocal) {
    throw new UsageError(
      '--wait 0 goes with --url: without a server no run outlives this command.',
    );
  }
  const wish = wishOf(args);
  const submit: RunOrder['submit'] = (client) => client.submit(wish, args.key ?? null);
  return { wish, submit, waitMs, quiet: args.quiet };
}

function wishOf(args: RunArgs): RunWish {
  const { engine } = args;
  return {
    dryRun: args['dry-run'],
    ...selectionOf(args),
    ...(engine === undefined ? {} : { engine }),
    ...(args['on-day-failure'] === undefined ? {} : { onDayFailure: args['on-day-failure'] }),
    ...(args['if-active'] === undefined ? {} : { ifActive: args['if-active'] }),
  };
}
