import type { Argv } from 'yargs';
import type { CheckedDataset, FirstDay } from '../check-dataset.js';
import { datasetIn } from '../connect.js';
import type { Output } from '../console.js';
import type { CliContext, Perform } from '../context.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import { UsageError } from '../failure.js';
import { print } from '../print.js';
import { inProcessEnv, overridden, placeOptions } from '../settings.js';
import { factList, table } from '../table.js';
import { numeral } from '../words.js';

export function addCheck(yargs: Argv, context: CliContext, perform: Perform): Argv {
  return yargs.command(
    'check',
    'check the settings, and show what the first day would give',
    (command) =>
      command
        .option('dataset', {
          type: 'string',
          requiresArg: true,
          description: 'only this dataset [DAYMARK_DATASET]',
        })
        .options(placeOptions)
        .option('json', {
          type: 'boolean',
          default: false,
          description: 'one JSON document on stdout',
        })
        .example(
          '$0 check --datasets daymark.yaml',
          'every mistake with its line, or a preview of the output',
        )
        .epilogue('Writes nothing, and does not connect to Redis. Reads the whole first day.'),
    perform((args) => check(context, args)),
  );
}

type CheckArgs = Readonly<{ dataset?: string | undefined; json: boolean }>;

async function check({ env, console: { out } }: CliContext, args: CheckArgs): Promise<ExitCode> {
  const { readConfigAndFiles } = await import('../../config/config-files.js');
  const { checkDataset } = await import('../check-dataset.js');
  const config = await readConfigAndFiles(inProcessEnv(overridden(env, args)));
  const wanted = datasetIn(env, args);
  const meant = config.datasets.filter(({ name }) => wanted === null || name === wanted);
  if (meant.length === 0) {
    const names = config.datasets.map(({ name }) => name).join(', ');
    throw new UsageError(`There is no dataset ${wanted}; there are ${names}.`);
  }
  const datasets: CheckedDataset[] = [];
  for (const dataset of meant) datasets.push(await checkDataset({ ...config, dataset }));
  print(out, args, { datasets }, () => datasets.map((each) => view(out, each)).join('\n'));
  return datasets.some(({ errors }) => errors.length > 0) ? exitCodes.found : exitCodes.ok;
}

function view(out: Output, checked: CheckedDataset): string {
  const { dataset, raw, output, columns, ignored, firstDay, errors } = checked;
  const facts = [
    ['raw', raw],
    ['days', daysOf(checked)],
    ...ignored.slice(0, mostIgnored).map((entry) => ['no day', noDay(entry)]),
    ...(ignored.length > mostIgnored ? [['', `${ignored.length - mostIgnored} more`]] : []),
    ['output', `${output}: ${columns.join(', ')}`],
    ...(firstDay === null ? [] : [['first day', summaryOf(firstDay)]]),
    ...(firstDay?.warnings ?? []).map((warning) => ['warning', warning]),
    ...errors.map((error) => [out.paint('red', 'error'.padEnd(12)).trimEnd(), error]),
  ];
  const rows = firstDay === null ? '' : `\n${sampleOf(out, columns, firstDay)}`;
  return `${out.paint('bold', dataset)}\n${factList(out, facts)}${rows}`;
}

const mostIgnored = 5;

function daysOf({ days: { count, first, last, waiting } }: CheckedDataset): string {
  if (first === null) return 'none';
  const all = count === 1 ? `1, ${first}` : `${numeral(count)}, ${first} to ${last}`;
  const [one] = waiting;
  if (one === undefined) return all;
  const others = waiting.length === 1 ? '' : ` (and ${waiting.length - 1} more)`;
  return `${all}; day ${one.day} waits for ${one.waitsFor}${others}`;
}

function noDay({ name, reason, likelyDay }: CheckedDataset['ignored'][number]): string {
  return `${name}${likelyDay === null ? '' : ` (did you mean ${likelyDay}?)`}: ${reason}`;
}

function summaryOf({ day, records, rows, sample }: FirstDay): string {
  const shown = rows > sample.length ? `; the first ${sample.length}:` : ':';
  const [read, made] = [
    records === 1 ? 'record comes' : 'records come',
    rows === 1 ? 'row' : 'rows',
  ];
  return `${day}: ${numeral(records)} ${read} to ${numeral(rows)} ${made}${rows === 0 ? '' : shown}`;
}

function sampleOf(out: Output, columns: readonly string[], { sample }: FirstDay): string {
  if (sample.length === 0) return '';
  return table(
    out,
    columns.map((title) => ({ title })),
    sample.map((row) => row.map((cell) => cell ?? '')),
  );
}
