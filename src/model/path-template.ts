/**
 * Where the days of a dataset are: a path with a placeholder for the day, and a pattern for the files. Compiled once,
 * from text such as `data/trips/dt={day}/*.csv`, or built from a folder of day folders.
 */
import { type Day, type DayLayout, type LayoutName, layoutOf } from './day.js';
import { type DayPart, type DayParts, namesWith, readName, type Segment } from './path-segment.js';
import { parseSegment } from './segment-syntax.js';
import { type Mistake, mistakesIn, withEndings } from './template-rules.js';

export interface PathTemplate {
  /** The longest leading path with neither day nor wildcard; `segments` come below it. */
  readonly root: string;
  /** The root as written; null if the template was built by code. */
  readonly writtenRoot: string | null;
  readonly layout: DayLayout;
  /** One for each name below the root. The last one names files. */
  readonly segments: readonly Segment[];
  /** The index of the segment that holds the last part of the day. */
  readonly dayLevel: number;
  /** Whether each day has one folder of its own. */
  readonly hasDayFolder: boolean;
}

export type Compiled =
  | { readonly template: PathTemplate }
  | { readonly mistakes: readonly Mistake[] };

export interface TemplateUse {
  /** Whether a day counts only once its folder holds `_SUCCESS`. */
  readonly requireSuccessFile?: boolean;
  /** Whether its files are for the definition `wide`. */
  readonly isWide?: boolean;
}

export function compileTemplate(
  text: string,
  dayKind: LayoutName,
  use: TemplateUse = {},
): Compiled {
  const layout = layoutOf(dayKind);
  const mistakes: Mistake[] = [];
  const placed = namesOf(text).map(({ source, origin }) => {
    const at = origin(0);
    const tell = (message: string, index: number) => mistakes.push({ message, at: origin(index) });
    return { ...parseSegment(source, layout, tell), at };
  });
  const first = placed.findIndex((segment) => !isFixed(segment));
  const depth = first === -1 ? placed.length : first;
  const writtenRoot = rootOf(
    text,
    placed.slice(0, depth).map(({ source }) => source),
  );
  const root = rootOf(text, placed.slice(0, depth).map(plainText));
  const below = placed.slice(depth);
  if (mistakes.length === 0) mistakes.push(...mistakesIn(text, below, layout, use.isWide === true));
  if (mistakes.length > 0) return { mistakes };
  const template = built({ root, writtenRoot, layout }, below);
  return use.requireSuccessFile && !template.hasDayFolder
    ? { mistakes: [{ message: noFolderForSuccess, at: 0 }] }
    : { template };
}

export const noFolderForSuccess =
  'Days have no folders of their own here, so there is no place for _SUCCESS: do not require it, or put each day into a folder.';

/** `{rawDir}/{day}/*.csv{,.gz}`, whatever characters `rawDir` has. */
export function dayFoldersIn(rawDir: string, layout: DayLayout): PathTemplate {
  const segments = ['{day}', '*.csv{,.gz}'].map((source) => parseSegment(source, layout, () => {}));
  return built({ root: rawDir, writtenRoot: null, layout }, segments);
}

function built(
  place: Pick<PathTemplate, 'root' | 'writtenRoot' | 'layout'>,
  parsed: readonly Segment[],
): PathTemplate {
  const segments = parsed.map(({ source, patterns }, level) =>
    level === parsed.length - 1 ? withEndings({ source, patterns }) : { source, patterns },
  );
  const dayLevel = segments.findLastIndex((segment) => partsIn(segment).length > 0);
  const outer = segments.slice(0, dayLevel + 1);
  const hasDayFolder =
    dayLevel < segments.length - 1 &&
    outer.every((segment) => namesWith(segment, {})?.length === 1);
  return { ...place, segments, dayLevel, hasDayFolder };
}

/** The parts of a day that a name holds, in their order. */
function partsIn({ patterns }: Segment): DayPart[] {
  return (patterns[0] ?? []).flatMap((token) => (token.kind === 'part' ? [token.part] : []));
}

// ---------------------------------------------------------------- the text

interface PlacedName {
  readonly source: string;
  /** The position in the whole text of a position in the name. */
  readonly origin: (index: number) => number;
}

/** The names of a path. A format with `/` stands for several names: `{day:yyyy/MM}` is `{day:yyyy}/{day:MM}`. */
function namesOf(text: string): PlacedName[] {
  let path = '';
  const origins: number[] = [];
  for (const { 0: piece, index, groups } of text.matchAll(/\{day:(?<format>[^{}]*)\}|\\.|./gsu)) {
    const parts = groups?.['format']?.split('/').map((part) => `{day:${part}}`) ?? [piece];
    const written = parts.join('/');
    path += written;
    for (let step = 0; step < written.length; step += 1) {
      origins.push(written === piece ? index + step : index);
    }
  }
  return [...path.matchAll(/[^/]+/g)].map(({ 0: source, index }) => ({
    source,
    origin: (at) => origins[index + at] ?? 0,
  }));
}

function isFixed(segment: Segment): boolean {
  return partsIn(segment).length === 0 && namesWith(segment, {})?.length === 1;
}

function plainText(segment: Segment): string {
  return namesWith(segment, {})?.[0] ?? '';
}

function rootOf(text: string, names: readonly string[]): string {
  const path = names.join('/');
  if (text.startsWith('/')) return `/${path}`;
  return path === '' ? '.' : path;
}

// ---------------------------------------------------------------- reading names by it

export type Reading =
  | { readonly kind: 'day'; readonly day: Day }
  /** The day follows further down. */
  | { readonly kind: 'part'; readonly parts: DayParts }
  | { readonly kind: 'none' }
  /** The name can be read in several ways. */
  | { readonly kind: 'several'; readonly days: readonly string[] };

/** What a name at a level means, below names that gave `parts`. */
export function readAt(
  { segments, dayLevel, layout }: PathTemplate,
  level: number,
  parts: DayParts,
  name: string,
): Reading {
  const segment = segments[level];
  const ways = segment === undefined ? [] : readName(segment, name);
  const told = ways.map((more) => ({ ...parts, ...more }));
  if (level < dayLevel) {
    const [only, ...others] = told;
    if (only === undefined) return { kind: 'none' };
    if (others.length === 0) return { kind: 'part', parts: only };
    return { kind: 'several', days: told.map((each) => Object.values(each).join('-')) };
  }
  const days = [...new Set(told.flatMap((each) => dayOf(layout, each) ?? []))];
  const [day, ...others] = days;
  if (day === undefined) return { kind: 'none' };
  return others.length === 0 ? { kind: 'day', day } : { kind: 'several', days };
}

export function partsOf({ name }: DayLayout, day: Day): DayParts {
  if (name === 'index') return { index: day };
  return { yyyy: day.slice(0, 4), MM: day.slice(5, 7), dd: day.slice(8) };
}

function dayOf(layout: DayLayout, { index, yyyy, MM, dd }: DayParts): Day | null {
  return layout.parse(index ?? `${yyyy}-${MM}-${dd}`);
}
