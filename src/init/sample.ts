/** The files that are looked at, spread over the days, and what they come to. Bounded in files and bytes. */
import { RawReadError } from '../core/failures.js';
import type { RawFile, RawListing } from '../core/ports/raw.js';
import type { RowForm } from '../engine/csv/row-parser.js';
import { shapeProblem } from '../engine/csv/row-reader.js';
import { nameProblems } from '../engine/header.js';
import { hasNothingToSee } from '../engine/header-names.js';
import { FileFault } from '../engine/problems.js';
import { usualCsv } from '../model/columns-definition.js';
import type { Day, LayoutName } from '../model/day.js';
import { placeOf } from '../model/raw-problem.js';
import { ColumnFacts } from './column-facts.js';
import { likelyForm } from './csv-form.js';
import { type HeadRows, readHead, rowsOf } from './read-head.js';

const mostFiles = 200;
const mostBytes = 10 * 1_048_576;

export interface SampledFile {
  readonly file: RawFile;
  readonly day: Day;
  readonly header: readonly string[];
}

export interface Sample {
  readonly form: RowForm;
  readonly files: readonly SampledFile[];
  /** By name, in the order in which they were first seen. */
  readonly columns: ReadonlyMap<string, ColumnFacts>;
  readonly rows: number;
  /** Of text. */
  readonly bytes: number;
  /** Whether all rows of all files were looked at. */
  readonly isWhole: boolean;
  /** Of files that a run would refuse, in its words. */
  readonly problems: readonly string[];
  /** Where the first line of a file seems to be no header, what of it. */
  readonly headless: string | null;
}

interface Gathering {
  form: RowForm | null;
  readonly files: SampledFile[];
  readonly columns: Map<string, ColumnFacts>;
  readonly problems: string[];
  rows: number;
  bytes: number;
  isWhole: boolean;
}

export async function takeSample({ days }: RawListing, kind: LayoutName): Promise<Sample> {
  const all = [...days.values()].flatMap(({ day, files }) =>
    files.filter(({ sizeBytes }) => sizeBytes > 0).map((file) => ({ day, file })),
  );
  const chosen = spread(all, mostFiles);
  const gathering: Gathering = {
    ...{ form: null, files: [], columns: new Map(), problems: [] },
    ...{ rows: 0, bytes: 0, isWhole: chosen.length === all.length },
  };
  for (const { day, file } of chosen) {
    if (gathering.bytes >= mostBytes) gathering.isWhole = false;
    else await readInto(gathering, file, day, kind);
  }
  const { form, ...sample } = gathering;
  return { ...sample, form: form ?? usualCsv, headless: headlessIn(sample) };
}

/** The first, the last, and then always in the largest gaps. */
function spread<T>(all: readonly T[], most: number): T[] {
  const places = new Set([0, all.length - 1]);
  for (let step = 1; places.size < Math.min(most, all.length); step += 1) {
    places.add(Math.floor(((step * golden) % 1) * all.length));
  }
  return [...places].flatMap((place) => all[place] ?? []);
}

/** Its multiples leave no gap much larger than the others. */
const golden = (Math.sqrt(5) - 1) / 2;

async function readInto(
  gathering: Gathering,
  file: RawFile,
  day: Day,
  kind: LayoutName,
): Promise<void> {
  const tell = (words: string) => gathering.problems.push(`day ${day}: ${words}`);
  try {
    const head = await readHead(file);
    const form = gathering.form ?? (await likelyForm(head, file));
    const read = await rowsOf(head, file, form);
    gathering.bytes += head.bytes.length;
    gathering.isWhole &&= head.isWhole;
    for (const problem of read.fault?.problems ?? []) tell(placeOf(problem));
    if (read.header === null) return;
    gathering.form = form;
    addFile(gathering, { file, day, header: read.header }, read, kind);
  } catch (error) {
    if (error instanceof FileFault) for (const each of error.problems) tell(placeOf(each));
    else if (error instanceof RawReadError) tell(error.message);
    else throw error;
  }
}

function addFile(
  gathering: Gathering,
  sampled: SampledFile,
  { rows, headerLine }: HeadRows,
  kind: LayoutName,
): void {
  const { file, day, header } = sampled;
  const verdicts = header.map((name) => (hasNothingToSee(name) ? 'nameless' : null));
  const wrong = [...nameProblems(header, verdicts, file.name, headerLine)];
  for (const problem of wrong) gathering.problems.push(`day ${day}: ${placeOf(problem)}`);
  if (wrong.length > 0) return;
  gathering.files.push(sampled);
  const columns = header.map((name) => {
    const facts = gathering.columns.get(name) ?? new ColumnFacts(name);
    gathering.columns.set(name, facts);
    facts.files += 1;
    return facts;
  });
  const even = rows.filter(({ length }) => length === header.length);
  const [uneven] = rows.filter(({ length }) => length !== header.length);
  if (uneven !== undefined) {
    const words = `${file.name}: ${shapeProblem(uneven.length, header.length)}`;
    gathering.problems.push(`day ${day}: ${words}`);
  }
  gathering.rows += even.length;
  for (const row of even) {
    for (const [at, facts] of columns.entries()) facts.add(row[at] as string, day, kind);
  }
}

// ---------------------------------------------------------------- headers

/** A first line whose cells are like those below, and that is not the same in all files. */
function headlessIn({ files, columns }: Pick<Sample, 'files' | 'columns'>): string | null {
  const [first] = files;
  if (first === undefined) return null;
  const isShared = files.some(({ header }) => header.join('\0') !== first.header.join('\0'));
  if (files.length > 1 && !isShared) return null;
  const typed = first.header.filter((name) => columns.get(name)?.typed);
  const alike = typed.filter((name) => columns.get(name)?.takes(name));
  return alike.length > 0 && alike.length * 2 >= typed.length ? (alike[0] ?? null) : null;
}
