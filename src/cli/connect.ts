/** Connects to the server that `--url` names, or to the same service in this process. */
import type { Argv } from 'yargs';
import { type Client, createClient } from '../client/client.js';
import { createHttpTransport } from '../client/http-transport.js';
import { ofDataset } from '../client/of-dataset.js';
import type { Transport } from '../client/transport.js';
import type { CliContext } from './context.js';
import { UsageError } from './failure.js';
import { advising, inCommands, optionsAgain } from './in-commands.js';
import { type ServerArgs, tokenIn, urlIn } from './server.js';
import { type Env, inProcessEnv, overridden, placeFlags, placeOptions } from './settings.js';

export interface Connected {
  readonly client: Client;
  /** No work continues when this process ends. */
  readonly isLocal: boolean;
  /** The API's advice, as commands for the same service. */
  readonly inCommands: (text: string) => string;
}

/** The options of every command that talks to Daymark. */
export function withConnection<T>(yargs: Argv<T>) {
  return yargs
    .option('url', {
      type: 'string',
      requiresArg: true,
      group: 'Server:',
      description: 'use the service at this address, such as http://localhost:3000 [DAYMARK_URL]',
    })
    .option('token-file', {
      type: 'string',
      requiresArg: true,
      normalize: true,
      group: 'Server:',
      description: 'a file with the token that it requires [DAYMARK_TOKEN_FILE, or DAYMARK_TOKEN]',
    })
    .option('dataset', {
      type: 'string',
      requiresArg: true,
      description: 'which dataset, if there are several [DAYMARK_DATASET; the first by default]',
    })
    .options(placeOptions)
    .option('json', { type: 'boolean', default: false, description: 'one JSON document on stdout' })
    .option('verbose', {
      type: 'boolean',
      default: false,
      description: 'log lines, and stack traces, on stderr',
    });
}

export type ConnectionArgs = ServerArgs &
  Readonly<{ dataset?: string | undefined; json: boolean; verbose: boolean }>;

/** Closes the connection, however `action` ends. */
export async function connected<T>(
  context: CliContext,
  args: ConnectionArgs,
  action: (connected: Connected) => Promise<T>,
): Promise<T> {
  const url = urlIn(context.env, args);
  const transport = await (url === null ? openHere(context, args) : openServer(context, args, url));
  const { url: to, 'token-file': tokenFile, dataset } = args;
  const options = optionsAgain({ url: to, 'token-file': tokenFile, dataset });
  const advise = (text: string) => inCommands(text, options);
  const asked = ofDataset(transport, datasetIn(context.env, args));
  const client = createClient(advising(asked, advise));
  try {
    return await action({ client, isLocal: url === null, inCommands: advise });
  } finally {
    await client.close();
  }
}

/** Null if no server is named. */
export function datasetIn(env: Env, { dataset }: Pick<ConnectionArgs, 'dataset'>): string | null {
  return dataset ?? (env['DAYMARK_DATASET'] || null);
}

/** The service is loaded only when it is needed: loading it takes longer than everything else. */
async function openHere({ env }: CliContext, args: ConnectionArgs): Promise<Transport> {
  if (args['token-file'] !== undefined) throw new UsageError('--token-file goes with --url.');
  const { readConfigAndFiles } = await import('../config/config-files.js');
  const config = await readConfigAndFiles(inProcessEnv(overridden(env, args)));
  const { openInProcessTransport } = await import('../client/in-process-transport.js');
  return openInProcessTransport(config, args);
}

async function openServer(
  { env }: CliContext,
  args: ConnectionArgs,
  url: string,
): Promise<Transport> {
  refuseLocalFlags(args);
  const token = await tokenIn(env, args);
  return createHttpTransport({ url, token: () => token });
}

function refuseLocalFlags(args: Readonly<Record<string, unknown>>): void {
  const given = placeFlags.filter((flag) => args[flag] !== undefined);
  if (given.length === 0) return;
  const flags = given.map((flag) => `--${flag}`).join(', ');
  throw new UsageError(`${flags}: the service at --url (or DAYMARK_URL) has its own settings.`);
}
