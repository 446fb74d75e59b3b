/** Where the days below a folder lie: the template that its names tell, or the one that was given. */

import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, posix, relative, resolve, sep } from 'node:path';
import type { RawListing } from '../core/ports/raw.js';
import { type LayoutName, layoutNames } from '../model/day.js';
import { formEnding, unreadBy } from '../model/file-form.js';
import { compileTemplate, type PathTemplate } from '../model/path-template.js';
import { endingsOf } from '../model/template-rules.js';
import { escaped } from '../raw/likely-template.js';
import { createRawStore } from '../raw/raw-store.js';
import { findFiles } from './find-files.js';
import { type DayFile, type DayPlaces, likelyPlaces, templateOf } from './likely-places.js';
import { UnfitSample } from './unfit-sample.js';

export interface FoundDays {
  readonly kind: LayoutName;
  /** As the file has it, whose paths are relative to its folder. */
  readonly raw: string;
  readonly template: PathTemplate;
  readonly listing: RawListing;
  /** What the names of a file below the folder told; null where the template was given. */
  readonly placeOf: ((path: string) => DayFile | null) | null;
  /** The same with other names; null where it cannot be written. */
  readonly templateOf: (files: readonly DayFile[]) => string | null;
  /** Sentences for people: what is not read. */
  readonly leftOut: readonly string[];
}

/** `base`: the folder that paths are relative to. Throws UnfitSample. */
export async function findDays(path: string, base: string): Promise<FoundDays> {
  if (path.includes('{day')) return givenDays(path, base);
  const root = rootIn(path, base);
  const { csv, others, isCut } = await findFiles(path);
  if (csv.length === 0) throw new UnfitSample(noCsv(path, others));
  const found = likelyPlaces(csv);
  if (found.kind === 'none') throw new UnfitSample(noDay(path, csv));
  if (found.kind === 'several') throw new UnfitSample(severalLayouts(path, found.all));
  const { places, leftOut } = found;
  const raw = templateOf(root, places);
  if (raw === null) throw new UnfitSample(severalLayouts(path, [places]));
  const real = await realpath(path);
  const byPath = new Map(places.files.map((each) => [each.path.join('/'), each]));
  return {
    ...(await listed(raw, places.kind, base)),
    placeOf: (file) => byPath.get(relative(real, file).split(sep).join('/')) ?? null,
    templateOf: (files) => templateOf(asWritten(path), { kind: places.kind, files }, true),
    leftOut: [
      ...told(
        leftOut.map((each) => each.join('/')),
        'fits no day as the others do',
      ),
      ...told(others, whyOther(others)),
      ...(isCut ? ['More than 50,000 names lie there; the others were not looked at.'] : []),
    ],
  };
}

/** A template that was typed, relative to where the command runs. */
async function givenDays(path: string, base: string): Promise<FoundDays> {
  const raw = fromBase(path, base);
  const compiled = layoutNames.map((kind) => ({ kind, compiled: compileTemplate(raw, kind) }));
  const fit = compiled.filter((each) => 'template' in each.compiled);
  if (fit.length === 0) {
    const [first] = compiled.flatMap((each) =>
      'mistakes' in each.compiled ? each.compiled.mistakes : [],
    );
    throw new UnfitSample(`${path} is no template: ${first?.message}`);
  }
  const [other] = fit.flatMap(({ compiled }) =>
    'template' in compiled ? unreadBy('wide', endingsOf(compiled.template)) : [],
  );
  if (other !== undefined)
    throw new UnfitSample(`${path} names ${other} files: ${formats}; ${byHand}.`);
  const all = await Promise.all(fit.map(({ kind }) => listed(raw, kind, base)));
  const [most] = all.sort((a, b) => b.listing.days.size - a.listing.days.size);
  if (most === undefined || most.listing.days.size === 0) {
    throw new UnfitSample(`No day was found by ${path}.`);
  }
  return { ...most, placeOf: null, templateOf: () => null, leftOut: [] };
}

function fromBase(template: string, base: string): string {
  const inBase = `${escaped(base)}/`;
  if (template.startsWith(inBase)) return template.slice(inBase.length);
  const way = relative(base, process.cwd()).split(sep).join('/');
  return isAbsolute(template) ? template : posix.join(escaped(way), template);
}

async function listed(raw: string, kind: LayoutName, base: string) {
  const compiled = compileTemplate(raw, kind);
  if (!('template' in compiled)) throw new Error(`${raw}: ${compiled.mistakes[0]?.message}`);
  const template = { ...compiled.template, root: resolve(base, compiled.template.root) };
  const store = createRawStore({ template, requireSuccessFile: false });
  try {
    return { kind, raw, template, listing: await store.list() };
  } finally {
    await store.close();
  }
}

/** A folder as the file names it. */
function rootIn(path: string, base: string): string {
  const way = relative(base, resolve(path)).split(sep).join('/');
  if (isAbsolute(path) && way.startsWith('..')) return asWritten(path);
  return way === '' ? '.' : escaped(way);
}

function asWritten(path: string): string {
  return escaped(
    path
      .split(sep)
      .join('/')
      .replace(/(?<=.)\/+$/, ''),
  ).replace(/^\.\/(?=.)/, '');
}

/** Throws UnfitSample. */
export async function checkFolder(path: string): Promise<void> {
  if (path.includes('{day')) return;
  const found = await stat(path).catch(() => null);
  if (found === null) throw new UnfitSample(`There is no folder ${path}, or it cannot be read.`);
  if (found.isDirectory()) return;
  const command = initCommand(dirname(path));
  throw new UnfitSample(
    `${path} is a file. Name the folder in which the files of all days lie:\n${command}`,
  );
}

// ---------------------------------------------------------------- sentences

export function initCommand(path: string): string {
  const word = /^[\w./=-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
  return `    daymark init ${word}`;
}

const formats = 'init looks at .csv files, compressed or not';

const byHand = 'datasets of .tsv, .jsonl and .parquet are written by hand';

function noCsv(path: string, others: readonly string[]): string {
  if (others.length === 0) return `There is no file below ${path}.`;
  return `There is no CSV file below ${path}. ${told(others, whyOther(others)).join(' ')}`;
}

function whyOther(others: readonly string[]): string {
  return others.some((name) => formEnding.test(name)) ? `${formats}; ${byHand}` : formats;
}

function told(names: readonly string[], why: string): string[] {
  const [first] = names;
  if (first === undefined) return [];
  const all = names.length === 1 ? first : `${names.length} files, such as ${first}`;
  return [`Not read: ${all} (${why}).`];
}

function noDay(path: string, csv: readonly (readonly string[])[]): string {
  const words =
    'Each day needs a folder or files of its own whose names tell it, such as 3, 2026-11-23, dt=2026-11-23 or orders_20261123.csv.';
  const [first = []] = csv;
  const whole = resolve(path);
  const above = likelyPlaces(csv.map((each) => [basename(whole), ...each]));
  const hint =
    above.kind === 'places'
      ? `\n${path} may be one day itself. Name the folder above:\n${initCommand(dirname(path))}`
      : '';
  return `No name below ${path} tells a day; there is ${first.join('/')}. ${words}${hint}`;
}

function severalLayouts(path: string, all: readonly DayPlaces[]): string {
  const templates = all.flatMap((places) => templateOf(asWritten(path), places) ?? []);
  if (templates.length === 0) {
    const names = all[0]?.files.slice(0, 2).map((each) => each.path.join('/'));
    return `The days below ${path} cannot be told by one template; there are ${names?.join(' and ')}.`;
  }
  const found = 'Names below it can be read as days in more than one way';
  const commands = [...new Set(templates)].map(initCommand).join('\n');
  return `${found}. Say which one is meant:\n${commands}`;
}
