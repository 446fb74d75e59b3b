import type { Argv } from 'yargs';
import type { CliContext, Perform } from '../context.js';
import { exitCodes } from '../exit-codes.js';
import { overridden, serveOptions } from '../settings.js';

export function addServe(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'serve',
    'start the service',
    (command) =>
      command
        .options(serveOptions)
        .example('$0 serve', 'on http://127.0.0.1:3000')
        .example('$0 serve --port 8080 --raw-dir /data/raw', 'on another port, with other raw days')
        .epilogue('All other settings are environment variables: see the README.'),
    perform(async (args) => {
      // The service reads the environment itself, as when it is started without this command.
      Object.assign(process.env, overridden(context.env, args, serveOptions));
      await import('../../main.js');
      return exitCodes.ok;
    }),
  );
}
