import { readFile, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { nodeDisk, unlessAbsent } from '../../disk/disk.js';
import { temporaryName } from '../../disk/temporaries.js';
import { replaceFile, writeDurably } from '../../disk/whole-files.js';
import type { DatasetsText } from '../../init/add-dataset.js';
import type { CliContext, Perform } from '../context.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { UsageError } from '../failure.js';
import { print } from '../print.js';
import { initiated, viewInit } from '../views/init.js';

export function addInit(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'init <path>',
    'look at raw files, and write the dataset that they seem to be into daymark.yaml',
    (command) =>
      command
        .positional('path', {
          type: 'string',
          demandOption: true,
          description: 'the folder in which the days lie, or a template with {day}',
        })
        .option('datasets', {
          alias: 'file',
          type: 'string',
          requiresArg: true,
          description:
            'the file to write, or to add to [DAYMARK_DATASETS; daymark.yaml by default]',
        })
        .option('name', {
          type: 'string',
          requiresArg: true,
          description: 'what the dataset is called (default: as its folder or files are)',
        })
        .option('output', {
          type: 'string',
          requiresArg: true,
          description: 'its output, relative to the folder of the file',
        })
        .option('dry-run', {
          type: 'boolean',
          default: false,
          description: 'print the file, and write nothing',
        })
        .option('json', {
          type: 'boolean',
          default: false,
          description: 'one JSON document on stdout',
        })
        .example('$0 init data/trips', 'a folder of day folders, Hive folders or files by date')
        .example("$0 init 'landing/basket_{day:yyyyMMdd}.csv'", 'where several layouts are there')
        .epilogue(
          'Raw files are only read, and of many or large ones a part. What stands in the file already stays as it is.',
        ),
    perform((args) => init(context, args)),
  );
}

interface InitArgs {
  readonly path: string;
  readonly datasets: string | undefined;
  readonly name: string | undefined;
  readonly output: string | undefined;
  readonly 'dry-run': boolean;
  readonly json: boolean;
}

async function init({ env, console: { out } }: CliContext, args: InitArgs): Promise<ExitCode> {
  const { propose } = await import('../../init/propose.js');
  const { addDataset, namesIn } = await import('../../init/add-dataset.js');
  const { path, name = null, output = null, 'dry-run': isDry } = args;
  const file = await textAt(args.datasets ?? (env['DAYMARK_DATASETS'] || 'daymark.yaml'));
  const taken = file.text === null ? [] : namesIn(file, file.text);
  const proposal = await propose({ path, folder: dirname(file.path), name, output });
  const dataset = proposal.dataset.name;
  if (taken.includes(dataset)) {
    throw new UsageError(
      `${file.name} has a dataset ${dataset} already, which stays as it is. Give this one another name: --name NAME.`,
    );
  }
  const added = addDataset(file, dataset, proposal.lines);
  if ('mistake' in added) throw new UsageError(added.mistake);
  if (!isDry) await write(file, added.text);
  const result = initiated(proposal, { file: file.name, isDry, isFirst: taken.length === 0 });
  const { text } = added;
  print(out, args, { ...result, text }, () => viewInit(out, result, isDry ? text : null));
  return exitCodes.ok;
}

async function textAt(name: string): Promise<DatasetsText> {
  // A link leads to what is added to.
  const path = await realpath(name).catch(() => resolve(name));
  return { path, name, text: await unlessAbsent(() => readFile(path, 'utf8'), null) };
}

async function write({ path, text: before, name }: DatasetsText, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  if (before === null) return writeDurably(nodeDisk, path, bytes);
  if ((await readFile(path, 'utf8')) !== before) {
    throw new UsageError(`${name} was changed meanwhile, and was left as it is. Try again.`);
  }
  const target = { folder: dirname(path), path, temporary: temporaryName(path) };
  await replaceFile(nodeDisk, target, bytes);
}
