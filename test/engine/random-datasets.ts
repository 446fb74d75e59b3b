/** Random definitions with raw days on disk, wherever a template says that they lie; sound ones, and damaged ones. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { DayAggregate, DayRejection, EngineJob } from '../../src/core/ports/engine.js';
import type { RawFile } from '../../src/core/ports/raw.js';
import type { Day, LayoutName } from '../../src/model/day.js';
import { shapeOf } from '../../src/model/definition.js';
import { encodeDay } from '../../src/output/encode.js';
import { createRawStore } from '../../src/raw/raw-store.js';
import { templateAt } from '../raw/raw-root.js';
import { makeTempDir } from '../support/temp-dir.js';
import type { JudgeColumns } from './columns/duckdb.js';
import { type SoundColumnsDays, soundColumnsDays } from './columns/sound-columns.js';
import type { Judge } from './duckdb.js';
import { rawFileAt } from './job.js';
import { type SoundWideDays, soundWideDays } from './sound-wide.js';

interface Place {
  /** Below the raw root. */
  readonly template: string;
  readonly kinds: readonly LayoutName[];
  readonly pathOf: (day: string, name: string) => string;
}

const digits = (day: string) => day.replaceAll('-', '');

const places: readonly Place[] = [
  {
    template: '{day}/*.csv{,.gz}',
    kinds: ['date', 'index'],
    pathOf: (day, name) => `${day}/${name}`,
  },
  {
    template: 'dt={day}/*.csv{,.gz}',
    kinds: ['date', 'index'],
    pathOf: (day, name) => `dt=${day}/${name}`,
  },
  {
    template: 'of é, 100%25/day={day}/part *.csv{,.gz}',
    kinds: ['date', 'index'],
    pathOf: (day, name) => `of é, 100%25/day=${day}/part ${name}`,
  },
  {
    template: '{day:yyyy/MM/dd}/*.csv{,.gz}',
    kinds: ['date'],
    pathOf: (day, name) => `${day.replaceAll('-', '/')}/${name}`,
  },
  {
    template: 'landing/basket_{day:yyyyMMdd}_*.csv{,.gz}',
    kinds: ['date'],
    pathOf: (day, name) => `landing/basket_${digits(day)}_${name}`,
  },
];

const days = { date: ['2026-11-23', '2027-01-01'], index: ['3', '10'] } as const;

type Sound =
  | ({ readonly kind: 'wide' } & SoundWideDays)
  | ({ readonly kind: 'columns' } & SoundColumnsDays);

export interface RandomDataset {
  readonly place: Place;
  readonly sound: Sound;
}

export const randomDataset: fc.Arbitrary<RandomDataset> = fc
  .tuple(fc.constantFrom(...places), fc.nat(), fc.boolean())
  .chain(([place, at, isWide]) => {
    const kind = place.kinds[at % place.kinds.length] as LayoutName;
    const sound: fc.Arbitrary<Sound> = isWide
      ? soundWideDays(kind, days[kind]).map((each) => ({ kind: 'wide', ...each }))
      : soundColumnsDays(kind, days[kind]).map((each) => ({ kind: 'columns', ...each }));
    return sound.map((each) => ({ place, sound: each }));
  });

export interface LandedDay {
  readonly job: EngineJob;
  /** Throws where the judge says anything else of the day. */
  readonly judged: (judges: Judges, found: Told) => Promise<void>;
}

export interface Judges {
  readonly wide: Judge;
  readonly columns: JudgeColumns;
}

/** Writes the days, and finds them as a service does. */
export async function landed({ place, sound }: RandomDataset): Promise<LandedDay[]> {
  const rawDir = await makeTempDir();
  for (const { day, files } of sound.days) {
    for (const file of files) {
      const text = 'text' in file ? file.text : file.sheet.text;
      const path = join(rawDir, place.pathOf(day, file.name));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.name.endsWith('.gz') ? gzipSync(text) : text);
    }
  }
  const { definition } = sound;
  const template = templateAt(rawDir, place.template, definition.dayKind);
  const store = createRawStore({ template, requireSuccessFile: false });
  const listing = await store.list();
  await store.close();
  expect([...listing.days.keys()]).toEqual(sound.days.map(({ day }) => day));
  return sound.days.map(({ day }, at) => {
    const { files } = listing.days.get(day as Day) ?? { files: [] };
    expect(files).toHaveLength(sound.days[at]?.files.length ?? 0);
    const { signal } = new AbortController();
    const job = { day: day as Day, definition, files, complete: false, signal };
    return { job, judged: (judges, found) => compare(judges, sound, at, job, found) };
  });
}

export interface Told {
  readonly records: number;
  readonly csv: string;
  readonly rows: DayAggregate['rows'];
}

/** What the output would hold of a sound day. */
export async function toldOf(
  { day, definition }: EngineJob,
  found: DayAggregate | DayRejection,
): Promise<Told> {
  if (found.kind === 'rejected') throw new Error(JSON.stringify(found.problems));
  const csv = (await encodeDay(shapeOf(definition), day, found.rows)).bytes.toString();
  return { records: found.records, csv, rows: found.rows };
}

async function compare(
  judges: Judges,
  sound: Sound,
  at: number,
  { day, files }: EngineJob,
  found: Told,
): Promise<void> {
  const fileOf = (index: number) => files[index] as RawFile;
  if (sound.kind === 'wide') {
    const judged = (sound.days[at]?.files ?? []).map(({ cells, form }, index) => ({
      ...{ file: fileOf(index), columns: cells[0]?.length ?? 0, lineEnd: form.lineEnd },
    }));
    const { orders, csv } = await judges.wide(sound.definition, day, judged);
    expect({ records: found.records, csv: found.csv }).toEqual({
      ...{ records: orders, csv: csv.toString() },
    });
    return;
  }
  const sheets = (sound.days[at]?.files ?? []).map(({ sheet }, index) => ({
    ...{ file: fileOf(index), sheet },
  }));
  const expected = await judges.columns(sound.definition, sheets);
  const rows = found.rows.map(({ key, values }) => [...key, ...values]);
  expect({ records: found.records, rows }).toEqual(expected);
}

// ---------------------------------------------------------------- damage

export type Damage = readonly [file: number, at: number, what: number];

export const damage: fc.Arbitrary<Damage> = fc.tuple(fc.nat(), fc.nat(), fc.nat());

const inserted = ['"', '\0', '\r', '\xff', ',', ';', '\n', '-', '9', 'x', '.', "'", '\n\n', '""'];

/** The job over a copy of its files, of which one has a few bytes too many, too few, or others. */
export async function damaged(job: EngineJob, [file, at, what]: Damage): Promise<EngineJob> {
  const folder = await makeTempDir();
  const hurt = file % job.files.length;
  const files = job.files.map(async (each, index) => {
    const stored = await readFile(each.path);
    const path = join(folder, each.name);
    await writeFile(
      path,
      index === hurt ? hurtBytes(stored, each.form.compression === 'gzip', at, what) : stored,
    );
    return { ...(await rawFileAt(path, each.name)) };
  });
  return { ...job, files: await Promise.all(files) };
}

function hurtBytes(stored: Buffer, gzip: boolean, at: number, what: number): Buffer {
  if (gzip && what % 5 === 0) return stored.subarray(0, at % stored.length);
  const plain = gzip ? gunzipSync(stored) : stored;
  const place = at % (plain.length + 1);
  const insert = Buffer.from(inserted[what % inserted.length] as string, 'latin1');
  const bytes = Buffer.concat([
    plain.subarray(0, place),
    insert,
    plain.subarray(place + (what % 3)),
  ]);
  return gzip ? gzipSync(bytes) : bytes;
}
