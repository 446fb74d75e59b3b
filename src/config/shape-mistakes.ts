/** What is wrong with the shape of a value, in sentences for people, and which parts of it are still valid. */
import { z } from 'zod';
import { closestTo } from '../model/closest-name.js';
import type { YamlPath } from './yaml-text.js';

export interface ShapeMistake {
  readonly path: YamlPath;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** The text at a path, such as `1.50` for the number; null for a list or a map, or if it is not known. */
type TextAt = (path: YamlPath) => string | null;

/** Goes on without the invalid parts, to report all other mistakes as well. */
export function readSound<Shape extends z.ZodRawShape>(
  shape: z.ZodObject<Shape>,
  given: object,
  textAt: TextAt = () => null,
): { readonly data: Partial<z.output<z.ZodObject<Shape>>>; readonly mistakes: ShapeMistake[] } {
  const issues = shape.safeParse(given).error?.issues.flatMap(inBranch) ?? [];
  const mistakes = issues.flatMap((issue) => mistakesOf(issue, shape, given, textAt));
  const sound = structuredClone(given);
  const loose = shape.partial();
  for (let depth = 0; depth < deepest; depth += 1) {
    const { data, error } = loose.safeParse(sound);
    if (data !== undefined)
      return { data: data as Partial<z.output<z.ZodObject<Shape>>>, mistakes };
    for (const issue of error?.issues ?? []) leaveOut(sound, issue, depth);
  }
  return { data: {}, mistakes };
}

const deepest = 6;

/** If a value fits none of several shapes, the closest one is assumed. */
function inBranch(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find((all) =>
    all.some(({ path, code }) => path.length > 0 || code !== 'invalid_type'),
  );
  if (meant === undefined) return [issue];
  return meant.map((each) => ({ ...each, path: [...issue.path, ...each.path] }) as Issue);
}

/** A missing value cannot be removed, so the value that lacks it is. */
function leaveOut(value: object, { path, ...issue }: Issue, depth: number): void {
  const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
  for (const key of keys) delete at(value, path)?.[key];
  if (keys.length > 0) return;
  const parents = path.map((_, length) => path.slice(0, length));
  const list = parents.find((parent) => Array.isArray(at(value, parent)));
  const whole = list ?? path.slice(0, Math.max(1, path.length - depth));
  delete at(value, whole.slice(0, -1))?.[String(whole.at(-1))];
}

type Indexed = Record<string, unknown>;

function at(value: unknown, path: readonly PropertyKey[]): Indexed | undefined {
  let found = value;
  for (const step of path) found = (found as Indexed | undefined)?.[String(step)];
  return typeof found === 'object' && found !== null ? (found as Indexed) : undefined;
}

// ---------------------------------------------------------------- sentences

function mistakesOf(
  issue: Issue,
  shape: z.ZodObject,
  given: object,
  textAt: TextAt,
): ShapeMistake[] {
  const path = issue.path as YamlPath;
  const [name, parent] = [path.at(-1) ?? '', at(given, path.slice(0, -1))];
  if (issue.code === 'unrecognized_keys') {
    const known = namesIn(shape, path);
    return issue.keys.map((key) => ({ path: [...path, key], message: unknown(key, known) }));
  }
  if (parent !== undefined && !Object.hasOwn(parent, name)) {
    const what = shapeAt(shape, path)?.description;
    return [{ path, message: `${name} is missing${what === undefined ? '' : `: ${what}`}.` }];
  }
  const value = parent?.[name];
  const label = typeof name === 'number' ? `Entry ${name + 1} of ${path.at(-2)}` : name;
  return [{ path, message: `${label} ${wrong(issue, value, textAt(path))}.` }];
}

function unknown(key: string, known: readonly string[]): string {
  const closest = closestTo(key, known);
  const elsewhere = Object.hasOwn(homes, key) ? ` It belongs under ${homes[key]}.` : '';
  const hint = closest === null ? elsewhere : ` Did you mean ${closest}?`;
  return `${key} is not known here.${hint || ` There are ${known.join(', ')}.`}`;
}

const homes: Readonly<Record<string, string>> = {
  ...{ delimiter: 'csv', quote: 'csv', nulls: 'csv' },
  ...{ category: 'wide', value: 'wide', ignore: 'wide' },
};

function wrong(issue: Issue, value: unknown, text: string | null): string {
  switch (issue.code) {
    case 'invalid_type':
      return mustBe(kinds[issue.expected] ?? issue.expected, value, text);
    case 'invalid_union':
      return mustBe(unionKinds(issue), value, text);
    case 'invalid_value':
      return mustBe(`one of: ${issue.values.join(', ')}`, value, text);
    case 'too_big':
      return `must be at most ${issue.maximum}, and is ${shown(value)}`;
    case 'too_small':
      return `must be at least ${issue.minimum}, and is ${shown(value)}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    default:
      return issue.message;
  }
}

/** A number is told as it is written, since `1.50` in quotes is another text than `1.5`. */
function mustBe(what: string, value: unknown, text: string | null): string {
  const written = typeof value === 'object' && value !== null ? '' : (text ?? '');
  if (typeof value === 'string' || written === '') return `must be ${what}, and is ${shown(value)}`;
  const isForText = /\ba text\b/.test(what);
  return `must be ${what}, and is ${written}${isForText ? `: write it in quotes, "${written}"` : ''}`;
}

const kinds: Readonly<Record<string, string>> = {
  ...{ string: 'a text', boolean: 'true or false', array: 'a list', int: 'a whole number' },
  ...{ number: 'a whole number', object: 'a map', record: 'a map' },
};

function unionKinds({ errors }: Extract<Issue, { code: 'invalid_union' }>): string {
  const all = errors.flatMap((each) =>
    each.flatMap((issue) => (issue.code === 'invalid_type' ? (kinds[issue.expected] ?? []) : [])),
  );
  return [...new Set(all)].join(' or ');
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return JSON.stringify(value);
}

// ---------------------------------------------------------------- what is known there

function namesIn(shape: z.ZodObject, path: YamlPath): readonly string[] {
  const whole = shapeAt(shape, path);
  const found = whole && bareOf(whole);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

function shapeAt(shape: z.ZodType, path: YamlPath): z.ZodType | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return shape;
  const bare = bareOf(shape);
  const below =
    bare instanceof z.ZodObject
      ? bare.shape[String(step)]
      : bare instanceof z.ZodRecord
        ? bare.valueType
        : undefined;
  return below === undefined ? undefined : shapeAt(below as z.ZodType, rest);
}

/** Of several shapes, the one with names. */
function bareOf(shape: z.ZodType): z.ZodType | undefined {
  if (shape instanceof z.ZodOptional) return bareOf(shape.unwrap() as z.ZodType);
  if (!(shape instanceof z.ZodUnion)) return shape;
  return (shape.options as z.ZodType[]).find((each) => each instanceof z.ZodObject);
}
