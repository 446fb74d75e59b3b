import type { Argv } from 'yargs';
import { logLevels } from '../../config/config.js';
import { engineChoices } from '../../model/engine.js';
import type { CliContext, Perform } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { overridden, placeOptions, serverOptions } from '../settings.js';

export function addServe(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'serve',
    'start the service',
    (command) =>
      command
        .options(serverOptions)
        .options(placeOptions)
        .option('engine', {
          choices: engineChoices,
          group: 'Settings:',
          description: 'what reads the raw files [DAYMARK_ENGINE]',
        })
        .option('log-level', {
          choices: logLevels,
          group: 'Settings:',
          description: 'how much it tells [DAYMARK_LOG_LEVEL]',
        })
        .example('$0 serve', 'on http://127.0.0.1:3000')
        .example('$0 serve --port 8080 --raw-dir /data/raw', 'elsewhere, with other raw days')
        .epilogue('All other settings are environment variables: see the README.'),
    perform(async (args) => {
      // The service reads the environment itself, as it does when it is started without this command.
      Object.assign(process.env, overridden(context.env, args));
      await import('../../main.js');
      return exitCodes.ok;
    }),
  );
}
