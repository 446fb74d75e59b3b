/** Commands that only read accept an output as Spark writes it: a folder of part files. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RequestFailure } from '../client/request-failure.js';
import { readConfig } from '../config/config.js';
import { redisSettings } from '../config/redis-config.js';
import { shapeOf } from '../model/definition.js';
import { problems } from '../model/problems.js';
import type { ConnectionArgs } from './connect.js';
import type { CliContext } from './context.js';
import { urlIn } from './server.js';
import { inProcessEnv, overridden, without } from './settings.js';

/**
 * Runs `action`. If the output is such a folder, the action gets a single file made of its parts, in a temporary
 * folder that is removed afterwards, so nothing is written next to the parts and no checkpoint in Redis is moved.
 */
export async function overOneFile<Args extends ConnectionArgs, T>(
  context: CliContext,
  args: Args,
  action: (context: CliContext, args: Args) => Promise<T>,
): Promise<T> {
  if (urlIn(context.env, args) !== null) return action(context, args);
  const { dataset, datasetsFile } = readConfig(inProcessEnv(overridden(context.env, args)));
  if (datasetsFile !== null) return action(context, args);
  const { outputFile, definition } = dataset;
  const { sparkFolderAt } = await import('../output/spark-folder.js');
  const folder = await sparkFolderAt(outputFile);
  if (folder === null) return action(context, args);
  const { joinParts } = await import('../output/join-parts.js');
  const root = await mkdtemp(join(tmpdir(), 'daymark-'));
  try {
    const shape = shapeOf(definition);
    const file = await joinParts(folder, shape, root).catch(asProblem);
    const env = without(context.env, ({ settings }) => settings === redisSettings);
    return await action(
      { ...context, env },
      { ...args, 'output-file': file, 'redis-url': undefined },
    );
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** The same error as for a file that cannot be read. */
function asProblem(error: unknown): never {
  if (!(error instanceof Error && error.name === 'UnreadableOutput')) throw error;
  const { title, status, retryable, nextAction } = problems['output-unreadable'];
  const type = '/problems/output-unreadable';
  const detail = `${error.message}.`;
  const problem = { type, title, status, detail, retryable, nextAction, requestId: '' } as const;
  throw new RequestFailure(problem, 'the parts of the output');
}
