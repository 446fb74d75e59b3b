import type { Argv } from 'yargs';
import type { Client } from '../../client/client.js';
import { rewindingOf } from '../../model/rewind.js';
import { askFirst } from '../confirmation.js';
import { type ConnectionArgs, connected, withConnection } from '../connect.js';
import type { CliContext, Perform } from '../context.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { print } from '../print.js';
import { viewCheckpoint, viewRewind, whatMarkingMeans } from '../views/checkpoint.js';
import { listed } from '../words.js';

export function addCheckpoint(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command('checkpoint', 'read the checkpoint, or rewind it', (command) => {
    addGet(command, context, perform);
    addRewind(command, context, perform);
    addReset(command, context, perform);
    return command
      .demandCommand(1, 'Say what to do with the checkpoint: get, rewind or reset.')
      .example('$0 checkpoint get', 'its value, and what the store held')
      .example('$0 checkpoint rewind 3', 'the next run processes days above 3 again')
      .example('$0 checkpoint reset', 'all days are');
  });
}

function addGet(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'get',
    'show the highest processed day, and what the store held',
    (command) =>
      withConnection(command)
        .option('require-in-sync', {
          type: 'boolean',
          default: false,
          description: 'exit with 1 if the store did not hold the right value',
        })
        .example('$0 checkpoint get', 'checks the store, and corrects it if it was wrong')
        .example('$0 checkpoint get --require-in-sync', 'exits with 1 if it had drifted')
        .example('$0 checkpoint get --json | jq -r .day', 'the bare day'),
    perform((args) =>
      connected(context, args, async ({ client }) => {
        const found = await client.checkpoint({ inSync: args['require-in-sync'] });
        const { out } = context.console;
        print(out, args, found, () => viewCheckpoint(out, found));
        return exitCodes.ok;
      }),
    ),
  );
}

function addRewind(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'rewind <day>',
    'go back to a day: the next run processes all days above it again',
    (command) =>
      withYes(withConnection(command))
        .positional('day', {
          type: 'string',
          demandOption: true,
          description: 'the highest day that stays processed',
        })
        .example('$0 checkpoint rewind 3', 'says what will happen, and asks')
        .example('$0 checkpoint rewind 3 --yes && $0 run', 'processes days 4 and up again'),
    perform((args) => rewind(context, args, args.day)),
  );
}

function addReset(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'reset',
    'rewind everything: the next run processes all days again',
    (command) =>
      withYes(withConnection(command))
        .example('$0 checkpoint reset', 'says what will happen, and asks')
        .example('$0 checkpoint reset --yes', 'asks nothing'),
    perform((args) => rewind(context, args, null)),
  );
}

function withYes<T>(yargs: Argv<T>) {
  return yargs.option('yes', {
    alias: 'y',
    type: 'boolean',
    default: false,
    description: 'do not ask; needed without a terminal',
  });
}

function rewind(
  context: CliContext,
  args: ConnectionArgs & { readonly yes: boolean },
  day: string | null,
): Promise<ExitCode> {
  return connected(context, args, async ({ client }) => {
    const isWanted = await askFirst(context, args, () => consequence(client, day));
    if (!isWanted) {
      context.console.err.write('Nothing was changed.\n');
      return exitCodes.refused;
    }
    print(context.console.out, args, await client.rewind(day), viewRewind);
    return exitCodes.ok;
  });
}

async function consequence(client: Client, target: string | null): Promise<string> {
  const { days } = await client.days();
  const { marked, untouched } = rewindingOf(days, target);
  const left = listed(untouched.map(({ day }) => day));
  return [
    `This marks ${listed(marked) || 'no day'}; ${whatMarkingMeans}.`,
    ...(left === '' ? [] : [`Left as they are, because their raw files are gone: ${left}.`]),
  ].join('\n');
}
