/** The keys of a dataset in `daymark.yaml`, each with a description. Used to check the file and to make its JSON Schema. */
import { z } from 'zod';
import { layoutNames } from '../model/day.js';
import { datasetSettings } from './dataset-config.js';
import { variableOf } from './setting.js';

const name = z
  .string()
  .regex(/\S/, 'must not be empty')
  .refine((given) => !given.includes('\0'), 'must hold no NUL character');
const wholeNumber = z.int().min(-999_999_999).max(999_999_999);

const byColumn = z.union([
  name,
  z.strictObject({
    column: name.describe('the raw column'),
    from: wholeNumber.describe('its lowest value'),
    to: wholeNumber.describe('its highest value'),
  }),
]);

const wide = z
  .strictObject({
    by: z
      .record(name, byColumn)
      .optional()
      .describe(
        'key columns of the output, each with its raw column: integers, 0 to 23 unless from and to say otherwise',
      ),
    day_column: name
      .optional()
      .describe('a raw column that, where present, holds the folder’s day in every row'),
    ignore: z.array(name).optional().describe('raw columns that are not categories'),
    category: name.optional().describe('the output column for the names of the other raw columns'),
    value: name.optional().describe('the output column for their counts'),
  })
  .describe('raw files with one column for each category, whose cells are counts');

/** As a map, or as the text `name: expression`, which YAML reads as a map. */
const key = z.union([name, z.record(name, name)]);

/** Read as text, so that `2024` is a name and `12` an unknown type. */
export const textMaps = ['columns', 'measures'] as const;

const csv = z
  .strictObject({
    delimiter: z.string().optional(),
    quote: z.string().nullable().optional(),
    nulls: z.array(z.string()).optional().describe('texts that stand for an empty cell'),
  })
  .describe('how the cells of .csv and .tsv files are written');

/** Settings of a dataset that the environment has as well, under their names in the file. */
export const fileSettings = {
  requireSuccessFile: 'require_success_file',
  rawCtime: 'raw_ctime',
  allowEmptyRaw: 'allow_empty_raw',
  identicalFiles: 'identical_files',
  requireFinalNewline: 'require_final_newline',
  adopt: 'adopt',
  engine: 'engine',
  sparkRawRoot: 'spark_raw_root',
  checkpointRule: 'checkpoint_rule',
} as const satisfies Partial<Record<keyof typeof datasetSettings, string>>;

/** The variables that messages name. */
export const fileKeys: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    ...{ rawDir: 'raw', layout: 'day', outputFile: 'output', checkpointKey: 'checkpoint' },
    ...{ ignoredColumns: 'wide.ignore', ...fileSettings },
  }).map(([setting, key]) => [variableOf(setting), key]),
);

const settingShapes = Object.fromEntries(
  Object.entries(fileSettings).map(([setting, inFile]) => {
    const { check, sentence } = datasetSettings[setting as keyof typeof fileSettings];
    return [inFile, shapeOfValue(check).optional().describe(sentence)];
  }),
);

/** In the environment all values are texts. */
function shapeOfValue(check: z.ZodType): z.ZodType<unknown> {
  const written = check instanceof z.ZodPipe ? check.in : check;
  if (!(written instanceof z.ZodEnum)) return check;
  return written.options.includes('true') ? z.boolean() : z.enum(written.options as string[]);
}

export const datasetShape = z.strictObject({
  raw: name.describe(
    'where its days are: a path with {day} for the day and a pattern for the files, such as data/raw/dt={day}/*.csv{,.gz}',
  ),
  day: z.enum(layoutNames).describe('how days are named: index (0, 1, …) or date (2026-11-23)'),
  day_name: name.optional().describe('the name of the day column in the output'),
  wide: wide.optional(),
  columns: z
    .record(z.string(), z.string())
    .optional()
    .describe(
      'columns of the raw files with their types: text, integer, decimal(p,s), boolean, date, timestamp; ? after a type allows empty cells',
    ),
  by: z
    .array(key)
    .optional()
    .describe(
      'the keys to group by: columns, or hour(x), weekday(x), date(x) as name: expression; with sql, columns of its result',
    ),
  measures: z
    .record(z.string(), z.string())
    .optional()
    .describe('count(), count(x), sum(x), min(x), max(x), avg(x, scale), distinct(x)'),
  sql: z
    .string()
    .optional()
    .describe(
      'in the place of measures: one SELECT in DuckDB’s dialect over the relation day, which has the declared columns; by names the columns of its result that name a row',
    ),
  day_column: name
    .optional()
    .describe('a raw column that, where present, holds the folder’s day in every row'),
  csv: csv.optional(),
  output: name.describe('the output, a CSV file; its state is kept next to it'),
  checkpoint: name.optional().describe('the key of the checkpoint in Redis'),
  ...settingShapes,
});

export const datasetNames = /^[a-z][a-z0-9_-]{0,62}$/;

export const nameRule =
  'cannot be the name of a dataset: it must begin with a lower-case letter and hold only lower-case letters, digits, _ and -, at most 63 in all';

/** The whole file, for its JSON Schema. */
export const fileShape = z
  .strictObject({
    datasets: z
      .record(z.string().regex(datasetNames, nameRule), datasetShape)
      .describe('by name; the first one also answers at the short routes, /v1/…'),
  })
  .describe('the datasets of a Daymark service');

export type DatasetSource = z.output<typeof datasetShape>;
