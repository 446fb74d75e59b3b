import type { Argv } from 'yargs';
import { dayStates } from '../../model/day-state.js';
import { type ConnectionArgs, connected, withConnection } from '../connect.js';
import type { CliContext, Perform } from '../context.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { UsageError } from '../failure.js';
import { listWords } from '../option-values.js';
import { print } from '../print.js';
import { viewDay, viewDays } from '../views/days.js';

export function addDays(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'days [day]',
    'list all days with their states, or show everything about one',
    (command) =>
      withConnection(command)
        .positional('day', { type: 'string', description: 'only this one, in full' })
        .option('state', {
          type: 'string',
          requiresArg: true,
          description: `only these, with commas between them: ${dayStates.join(', ')}`,
        })
        .example('$0 days', 'all of them')
        .example('$0 days --state late,changed,damaged', 'what needs a look')
        .example('$0 days 3', 'files, rows, last run and last error of day 3')
        .example("$0 days --json | jq -r '.days[] | select(.pending).day'", 'what is pending'),
    perform((args) => days(context, args)),
  );
}

type DaysArgs = ConnectionArgs & Readonly<{ day?: string | undefined; state?: string | undefined }>;

async function days(context: CliContext, args: DaysArgs): Promise<ExitCode> {
  const { out } = context.console;
  const { day, state } = args;
  if (day !== undefined && state !== undefined) {
    throw new UsageError('--state goes with all days, not with one.');
  }
  const states = state === undefined ? [] : listWords('state', state);
  await connected(context, args, async ({ client }) => {
    if (day === undefined) print(out, args, await client.days(states), (all) => viewDays(out, all));
    else print(out, args, await client.day(day), (one) => viewDay(out, one));
  });
  return exitCodes.ok;
}
