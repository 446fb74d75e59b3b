/** `daymark init`: looks at the files below a folder, and writes the dataset that they seem to be. */
import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { countOf, size } from '../client/words.js';
import { datasetNames, nameRule } from '../config/dataset-shape.js';
import { isWithin } from '../disk/is-within.js';
import { chooseColumns } from './choose-columns.js';
import { chooseWide } from './choose-wide.js';
import { checkFolder, type FoundDays, findDays } from './find-days.js';
import { type Sample, takeSample } from './sample.js';
import { refuseSeveral } from './separate.js';
import { UnfitSample } from './unfit-sample.js';
import { datasetLines, type WrittenDataset } from './yaml-lines.js';

export interface Wish {
  /** A folder, or a template. */
  readonly path: string;
  /** Of the file that the dataset is written to; absolute. */
  readonly folder: string;
  readonly name: string | null;
  readonly output: string | null;
}

export interface Proposal {
  readonly dataset: WrittenDataset;
  readonly lines: readonly string[];
  readonly found: FoundDays;
  readonly sample: Sample;
}

/** Throws UnfitSample where no dataset can be made of what lies there. Writes nothing. */
export async function propose({ path, folder, name, output }: Wish): Promise<Proposal> {
  if (name !== null && !datasetNames.test(name)) throw new UnfitSample(`${name} ${nameRule}.`);
  await checkFolder(path);
  const found = await findDays(path, folder);
  const sample = await takeSample(found.listing, found.kind);
  if (sample.files.length === 0) throw new UnfitSample(nothingRead(found, sample));
  if (sample.headless !== null) throw new UnfitSample(headless(sample));
  const own = name ?? likelyName(folder, found, sample);
  const dataset = {
    ...datasetOf(found, sample),
    name: own,
    output: output ?? (await outputFor(own, folder, found)),
  };
  return { dataset, lines: datasetLines(dataset), found, sample };
}

function datasetOf(found: FoundDays, sample: Sample): Omit<WrittenDataset, 'name' | 'output'> {
  const all = [...sample.columns.values()];
  const wide = chooseWide(all, sample.form);
  if (wide === null) refuseSeveral(found, sample);
  const whole = all.filter(({ files }) => files === sample.files.length);
  const partial = all
    .filter((facts) => !whole.includes(facts))
    .map(({ name, files }) => [name, `in ${files} of ${sample.files.length} files alone`] as const);
  const { raw, kind: day, listing } = found;
  return {
    ...{ raw, day, form: sample.form, partial: wide === null ? partial : [] },
    chosen: wide ?? chooseColumns(whole, day, listing.days.size === 1),
    remarks: [
      `Written by daymark init, which looked at ${lookedAt(found, sample)}.`,
      ...(sample.isWhole
        ? []
        : ['What was not looked at may hold other cells than these types take.']),
    ],
  };
}

/** `all 12 files of 4 days, 2026-11-21 to 2026-11-24: 1,204 rows, 96 kB` */
export function lookedAt(
  { listing: { days } }: FoundDays,
  { rows, files, bytes, isWhole }: Sample,
): string {
  const names = [...days.keys()];
  const range = names.length === 1 ? `${names[0]}` : `${names[0]} to ${names.at(-1)}`;
  const all = [...days.values()].reduce((sum, day) => sum + day.files.length, 0);
  const count = isWhole
    ? countOf(files.length, 'file')
    : `${files.length} of ${countOf(all, 'file')}`;
  const seen = `${count} of ${countOf(names.length, 'day')}, ${range}: ${countOf(rows, 'row')}`;
  return `${seen}, ${size(bytes)}${isWhole ? '' : ', of large files the beginning'}`;
}

function nothingRead({ raw }: FoundDays, { problems }: Sample): string {
  if (problems.length > 0) {
    return `No file can be read as CSV:\n${problems.slice(0, 5).join('\n')}`;
  }
  return `All files of ${raw} are empty, so their columns are not known.`;
}

function headless({ files, headless: cell }: Sample): string {
  const [first] = files;
  return `The first line of ${first?.file.name} seems to be no header: ${JSON.stringify(cell)} is like the cells below it. Each file needs a line with the names of its columns. Where these are the names, write the dataset by hand; docs/DATASETS.md has examples.`;
}

// ---------------------------------------------------------------- names

const general =
  /^(?:raw|data|input|inputs|landing|incremental|export|exports|part|file|files|csv|days?|dt|date|tmp|src|in|partitioned|processed|public|home|var|mnt)$/;

/** Of the folder that the days lie in, or of the files where these tell the day. */
function likelyName(folder: string, { template }: FoundDays, { files }: Sample): string {
  const segments = template.segments.map(({ patterns: [pattern = []] }) =>
    pattern.flatMap((token) => (token.kind === 'text' ? [token.text] : [])).join('_'),
  );
  const folders = foldersOf(template.root, folder);
  const stem = files[0]?.file.name.replace(/^.*\//, '').replace(/\..*$/, '') ?? '';
  const tellsDay = template.dayLevel === template.segments.length - 1;
  const candidates = tellsDay ? [segments.at(-1) ?? '', ...folders] : [...folders, stem];
  return candidates.map(asName).find((name) => name !== '' && !general.test(name)) ?? 'dataset';
}

/** From the innermost out. What lies above the file is about more than the days. */
function foldersOf(root: string, folder: string): string[] {
  if (root === folder) return [basename(folder)];
  const below = isWithin(folder, root) ? relative(folder, root) : root;
  const names = below.split(sep).filter((name) => !name.includes('='));
  return names.reverse().slice(0, 4);
}

function asName(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/\.csv.*$/, '')
    .replace(/[^a-z0-9]+/g, '_');
  return words.replace(/^[^a-z]+|_+$|(?:_[0-9]+)+$/g, '').slice(0, 40);
}

async function outputFor(name: string, folder: string, { template }: FoundDays): Promise<string> {
  const hasData = await isThere(join(folder, 'data'));
  const places = [
    ...(hasData ? ['data/processed'] : []),
    'processed',
    '../processed',
    '../../processed',
  ];
  const place = places.find((each) => !isWithin(template.root, resolve(folder, each)));
  const output = `${place ?? `../${basename(dirname(folder))}-processed`}/${name}.csv`;
  if (!(await isThere(resolve(folder, output)))) return output;
  throw new UnfitSample(
    `The output would be ${output}, and there is such a file already. Name another by --output, or the dataset by --name.`,
  );
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
