/** Guesses the day meant by names such as `day=3`, `03`, `20261123` or `2026_11_23`. */
import type { Day, DayLayout } from '../model/day.js';
import { formEnding } from '../model/file-form.js';
import type { Pattern, Token } from '../model/path-segment.js';
import { type PathTemplate, readAt } from '../model/path-template.js';
import type { Folder } from './place.js';

/** As partitions are named (`dt=…`, with any key), or with a word for a day in front. */
const prefix = /^(?:[a-z_][\w.-]*=|(?:day|date|dt|dow|order_dow|order_date)[ _-]?(?=[0-9]))/i;

/** The day that a non-matching name resembles; null if there is none, or more than one. */
export function likelyDay(template: PathTemplate, at: Folder, name: string): Day | null {
  const { layout, segments } = template;
  const patterns = segments[at.level]?.patterns ?? [];
  const core = patterns.reduce(withoutTexts, name.trim());
  const spelled = spell(layout, core.replace(formEnding, '').replace(prefix, '').trim());
  return layout.parse(spelled) ?? readLoosely(template, at, name);
}

/** Without the texts that the template has in front of the day and behind it. */
function withoutTexts(name: string, pattern: Pattern): string {
  const [head, tail] = [textOf(pattern[0]), textOf(pattern.at(-1))];
  const lower = name.toLowerCase();
  const from = head !== '' && lower.startsWith(head) ? head.length : 0;
  const to =
    tail !== '' && lower.slice(from).endsWith(tail) ? name.length - tail.length : name.length;
  return name.slice(from, to);
}

function textOf(token: Token | undefined): string {
  return token?.kind === 'text' ? token.text.toLowerCase() : '';
}

/** In upper or lower case, and files with any ending. */
function readLoosely(template: PathTemplate, at: Folder, name: string): Day | null {
  const segments = template.segments.map(({ source, patterns }, level) => {
    const isFile = level === template.segments.length - 1;
    return { source, patterns: patterns.map((pattern) => loose(pattern, isFile)) };
  });
  const reading = readAt({ ...template, segments }, at.level, at.parts, name);
  return reading.kind === 'day' ? reading.day : null;
}

function loose(pattern: Pattern, isFile: boolean): Pattern {
  const tokens = isFile ? pattern.slice(0, -1) : pattern;
  const anyCase = tokens.map((token) =>
    token.kind === 'text' ? { ...token, anyCase: true } : token,
  );
  return isFile ? [...anyCase, { kind: 'any' }] : anyCase;
}

function spell({ name }: DayLayout, text: string): string {
  return name === 'index' ? text.replace(/^0+(?=[0-9])/, '') : asDate(text);
}

/** With other signs between the parts, or none; without zeros in front; with a time of day behind. */
function asDate(text: string): string {
  const date = text.replace(/[T ][0-9:.]+(?:Z|[+-][0-9:]+)?$/i, '');
  const parts =
    /^([0-9]{4})([0-9]{2})([0-9]{2})$/.exec(date) ??
    /^([0-9]{4})[-_./ ]([0-9]{1,2})[-_./ ]([0-9]{1,2})$/.exec(date);
  if (parts === null) return text;
  const [, year, month = '', day = ''] = parts;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
