/** Which template the paths of files suggest: told by all of them together, and only where they leave no doubt. */
import type { Day, LayoutName } from '../model/day.js';
import type { DayParts } from '../model/path-segment.js';
import { compileTemplate, readAt } from '../model/path-template.js';
import { escaped } from '../raw/likely-template.js';
import { type DayReading, dayReadings, type Spot } from './day-readings.js';
import { csvEnding } from './find-files.js';

export type FilePath = readonly string[];

/** A reading that several files share. */
export interface DayPlaces {
  readonly kind: LayoutName;
  readonly strength: number;
  readonly files: readonly DayFile[];
}

export interface DayFile {
  readonly path: FilePath;
  readonly day: Day;
  readonly spots: readonly Spot[];
}

export type LikelyPlaces =
  | { readonly kind: 'places'; readonly places: DayPlaces; readonly leftOut: readonly FilePath[] }
  | { readonly kind: 'none' }
  /** Several that exclude each other. */
  | { readonly kind: 'several'; readonly all: readonly DayPlaces[] };

export function likelyPlaces(paths: readonly FilePath[]): LikelyPlaces {
  const all = gathered(paths).sort(byFiles);
  const [most] = all;
  if (most === undefined) return { kind: 'none' };
  const inMost = new Set(most.files.map(({ path }) => path));
  const same = all.filter(
    ({ files }) => files.length === inMost.size && files.every(({ path }) => inMost.has(path)),
  );
  const places = oneOf(same);
  if (places === null) return { kind: 'several', all: same };
  const leftOut = paths.filter((path) => !inMost.has(path));
  const rival = all.find(({ files }) => isRival(files, inMost));
  if (rival !== undefined) return { kind: 'several', all: [places, rival] };
  return { kind: 'places', places, leftOut };
}

/** What so few files say is no other layout, but a stray. */
function isRival(files: readonly DayFile[], taken: ReadonlySet<FilePath>): boolean {
  const others = files.filter(({ path }) => !taken.has(path)).length;
  return others * 5 >= taken.size && (others > 1 || taken.size < 3);
}

function gathered(paths: readonly FilePath[]): DayPlaces[] {
  const byKey = new Map<string, { reading: DayReading; files: DayFile[] }>();
  for (const path of paths) {
    for (const reading of dayReadings(path)) {
      const known = byKey.get(reading.key) ?? { reading, files: [] };
      byKey.set(reading.key, known);
      known.files.push({ path, day: reading.day, spots: reading.spots });
    }
  }
  return [...byKey.values()].map(({ reading: { kind, strength }, files }) => ({
    ...{ kind, strength, files },
  }));
}

/** Most files first; of those with as many, dates before numbers. */
function byFiles(a: DayPlaces, b: DayPlaces): number {
  return b.files.length - a.files.length || (a.kind === b.kind ? 0 : a.kind === 'date' ? -1 : 1);
}

/** Of readings of the same files; null where nothing tells which one is meant. */
function oneOf(all: readonly DayPlaces[]): DayPlaces | null {
  const dates = all.filter(({ kind }) => kind === 'date');
  const kept = withoutConstant(dates.length > 0 ? dates : all);
  const strongest = Math.max(...kept.map(({ strength }) => strength));
  const strong = kept.filter(({ strength }) => strength === strongest);
  const [first, ...others] = strong.sort(byPlace);
  if (first === undefined) return null;
  return others.every((each) => areSameDays(first, each)) ? first : null;
}

/** A date that is the same in all paths says nothing, where another one tells days apart. */
function withoutConstant(all: readonly DayPlaces[]): DayPlaces[] {
  const telling = all.filter(({ files }) => files.some(({ day }) => day !== files[0]?.day));
  return telling.length > 0 ? telling : [...all];
}

/** In few names, and far outside. */
function byPlace(a: DayPlaces, b: DayPlaces): number {
  const [inA, inB] = [a.files[0]?.spots ?? [], b.files[0]?.spots ?? []];
  return inA.length - inB.length || (inA[0]?.level ?? 0) - (inB[0]?.level ?? 0);
}

function areSameDays(a: DayPlaces, b: DayPlaces): boolean {
  const days = new Map(b.files.map(({ path, day }) => [path, day]));
  return a.files.every(({ path, day }) => days.get(path) === day);
}

// ---------------------------------------------------------------- the template

/** Below a root that is written already. `tight`: file names keep what they have in common. Null where it would not tell the same days. */
export function templateOf(
  root: string,
  { kind, files }: Pick<DayPlaces, 'kind' | 'files'>,
  tight = false,
): string | null {
  const depth = files[0]?.path.length ?? 0;
  const sources = Array.from({ length: depth }, (_, level) =>
    segmentOf(files, level, tight && level === depth - 1),
  );
  const below = sources.join('/').replace('{day:yyyy}/{day:MM}/{day:dd}', '{day:yyyy/MM/dd}');
  const written = `${root === '.' || root === '/' ? root.replace('.', '') : `${root}/`}${below}`;
  const compiled = compileTemplate(below, kind);
  if (!('template' in compiled)) return null;
  const { template } = compiled;
  const depthOfRoot = depth - template.segments.length;
  const tells = files.every(({ path, day }) => {
    let parts: DayParts = {};
    for (const [level, name] of path.slice(depthOfRoot).entries()) {
      const reading = readAt(template, level, parts, name);
      if (reading.kind === 'day') return reading.day === day;
      if (reading.kind !== 'part') return false;
      parts = reading.parts;
    }
    return false;
  });
  return tells ? written : null;
}

function segmentOf(files: readonly DayFile[], level: number, tight: boolean): string {
  const spots = files.map(({ spots }) => spots.find((each) => each.level === level));
  const isFile = files.some(({ path }) => path.length === level + 1);
  const names = files.map(({ path }) => {
    const name = path[level] ?? '';
    return isFile ? name.replace(csvEnding, '') : name;
  });
  const isZstd = files.some(({ path }) => /\.zst$/i.test(path[level] ?? ''));
  const end = isFile ? `.csv{,.gz${isZstd ? ',.zst' : ''}}` : '';
  const [first] = spots;
  if (first === undefined) {
    if (isFile && !tight) return `*${end}`;
    return partitionIn(names) ?? `${inCommon(names)}${end}`;
  }
  const before = names.map((name, index) => name.slice(0, spots[index]?.from));
  const after = names.map((name, index) => name.slice(spots[index]?.to));
  const behind = inCommon(after).replace(partNumber, isFile ? '*' : '$&');
  return `${inCommon(before)}${first.placeholder}${behind}${end}`;
}

/** Behind the day in a file's name, where others will have other numbers. */
const partNumber = /(?<=[^\p{L}\p{N}])[0-9]+$/u;

/** Hive's folders of another key than the day: others may come. Null where they are none. */
function partitionIn(names: readonly string[]): string | null {
  const keys = new Set(names.map((name) => /^[^=]+=/.exec(name)?.[0] ?? ''));
  const [key = ''] = keys;
  return keys.size === 1 && key !== '' ? `${escaped(key)}*` : null;
}

/** One text, or what all begin and end with, up to a sign between words, and `*` for the rest. */
function inCommon(texts: readonly string[]): string {
  const all = [...new Set(texts)];
  const [first = ''] = all;
  if (all.length === 1) return escaped(first);
  const start = sharedStart(all).replace(/[\p{L}\p{N}]+$/u, '');
  const rest = all.map((text) => [...text.slice(start.length)].reverse().join(''));
  const end = sharedStart(rest).replace(/[\p{L}\p{N}]+$/u, '');
  return `${escaped(start)}*${escaped([...end].reverse().join(''))}`;
}

function sharedStart(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const other of others) {
    while (!other.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}
