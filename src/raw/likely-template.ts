/** The template that was probably meant, if no name below the root matches the given one. */
import { join } from 'node:path';
import type { IgnoredEntry } from '../core/ports/raw.js';
import type { DayLayout } from '../model/day.js';
import type { DayParts } from '../model/path-segment.js';
import { compileTemplate, type PathTemplate, readAt } from '../model/path-template.js';
import { lookAtEntry, readEntries } from './entries.js';
import { isMarked, isSideFile } from './side-files.js';

/** Few enough that a root full of other files costs almost nothing. */
const mostLookedAt = 16;

/** Null if the names suggest none, or if the template was not written by a person. */
export async function likelyTemplate(
  template: PathTemplate,
  root: string,
  ignored: readonly IgnoredEntry[],
): Promise<string | null> {
  if (template.writtenRoot === null) return null;
  const candidates = ignored.filter(({ kind }) => kind === 'folder' || kind === 'file');
  for (const entry of candidates.slice(0, mostLookedAt)) {
    const found = await templateFor(template, root, entry);
    if (found !== null) return found;
  }
  return null;
}

async function templateFor(
  template: PathTemplate,
  root: string,
  { name, kind }: IgnoredEntry,
): Promise<string | null> {
  const { layout, segments, dayLevel, writtenRoot } = template;
  const above = name.split('/').slice(0, -1);
  const own = name.slice(name.lastIndexOf('/') + 1);
  const whole = withWholeDay(layout, own);
  const below = whole === null && kind === 'folder' ? await partsBelow(layout, root, name) : null;
  const spelled = whole === null ? below : { sources: [whole], names: [own] };
  if (spelled === null) return null;
  const inner = segments.slice(dayLevel + 1).map(({ source }) => source);
  const files = kind === 'file' ? [] : inner.length > 0 ? inner : ['*.csv{,.gz}'];
  const outer = segments.slice(0, above.length).map(({ source }) => source);
  const start = writtenRoot === '/' ? '' : writtenRoot;
  const written = [start, ...outer, ...spelled.sources, ...files].join('/');
  return tellsDay(written, layout, [...above, ...spelled.names]) ? written : null;
}

/** Whether the template holds, and reads a day from these names. */
function tellsDay(written: string, layout: DayLayout, names: readonly string[]): boolean {
  const compiled = compileTemplate(written, layout.name);
  if (!('template' in compiled)) return false;
  let parts: DayParts = {};
  for (const [level, name] of names.entries()) {
    const reading = readAt(compiled.template, level, parts, name);
    if (reading.kind === 'day') return true;
    if (reading.kind !== 'part') return false;
    parts = reading.parts;
  }
  return false;
}

/** A name with a place for the day in it. */
function withWholeDay({ name: kind }: DayLayout, name: string): string | null {
  const found =
    kind === 'index'
      ? /(?<=^|[=_-]|day|dow)(?:0|[1-9][0-9]*)(?=[^0-9]*$)/i.exec(name)
      : /(?<![0-9])[0-9]{4}(?<sign>[-_. ]?)[0-9]{2}\k<sign>[0-9]{2}(?![0-9])/.exec(name);
  if (found === null) return null;
  const sign = found.groups?.['sign'];
  const isPlain = sign === undefined || sign === '-';
  return spell(name, found, isPlain ? '{day}' : `{day:yyyy${sign}MM${sign}dd}`);
}

function spell(name: string, { 0: text, index }: RegExpExecArray, placeholder: string): string {
  const [head, tail] = [name.slice(0, index), name.slice(index + text.length)];
  return `${escaped(head)}${placeholder}${escaped(tail)}`;
}

/** As text of a template. */
export function escaped(text: string): string {
  return text.replace(/[\\*?{}[\]]/g, '\\$&');
}

/** A date that is spread over folders: `2026/11/23`, or `year=2026/month=11/day=23`. */
async function partsBelow(layout: DayLayout, root: string, name: string) {
  if (layout.name !== 'date') return null;
  const sources: string[] = [];
  const names: string[] = [];
  let [folder, candidates] = [join(root, name, '..'), [name.slice(name.lastIndexOf('/') + 1)]];
  for (const [part, shape] of dateParts) {
    const next = candidates.find((each) => shape.test(each));
    if (next === undefined) return null;
    sources.push(spell(next, shape.exec(next) as RegExpExecArray, `{day:${part}}`));
    names.push(next);
    folder = join(folder, next);
    if (part !== 'dd') candidates = await foldersIn(folder);
  }
  const isBare = sources.every((source) => source.startsWith('{') && source.endsWith('}'));
  return { sources: isBare ? ['{day:yyyy/MM/dd}'] : sources, names };
}

const dateParts: readonly (readonly [part: string, shape: RegExp])[] = [
  ['yyyy', /(?<=^|=)[0-9]{4}$/],
  ['MM', /(?<=^|=)[0-9]{2}$/],
  ['dd', /(?<=^|=)[0-9]{2}$/],
];

/** None where they cannot be told. Links are not followed. */
async function foldersIn(folder: string): Promise<string[]> {
  const folders: string[] = [];
  const entries = await readEntries(folder).catch(() => []);
  const usable = entries.filter(
    ({ name, readable }) => readable && !isMarked(name) && !isSideFile(name),
  );
  for (const entry of usable.slice(0, mostLookedAt)) {
    const stats = await lookAtEntry(folder, entry).catch(() => null);
    if (stats?.isDirectory()) folders.push(entry.name);
  }
  return folders;
}
