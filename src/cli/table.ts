/** Aligned columns, without lines: they survive being pasted, and `awk` reads them. */
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import type { Output } from './console.js';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** If there is less room than this, text gets a line of its own. */
const leastColumns = 16;
const lowerIndent = 4;

/**
 * Ends with a line break. Cells may be coloured. If the table does not fit the terminal, columns move closer together,
 * and the last one is wrapped, below the others if there is hardly any room beside them.
 */
export function table(
  { columns: room }: Pick<Output, 'columns'>,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, at) => widest(all.map((row) => row[at] ?? '')));
  const gap = sum(widths) + 2 * (widths.length - 1) <= room() ? '  ' : ' ';
  const indent = sum(widths.slice(0, -1)) + gap.length * (widths.length - 1);
  return all
    .map((row) =>
      columns.map(({ align }, at) =>
        at === columns.length - 1 && align === undefined
          ? words(row[at] ?? '', indent, room())
          : pad(row[at] ?? '', widths[at] ?? 0, align),
      ),
    )
    .map((cells) => `${cells.join(gap).trimEnd()}\n`)
    .join('');
}

function words(cell: string, indent: number, room: number): string {
  if (room - indent >= leastColumns || indent + stringWidth(cell) <= room) {
    return wrapped(cell, indent, room);
  }
  return `\n${' '.repeat(lowerIndent)}${wrapped(cell, lowerIndent, room)}`;
}

/** A fact on each line, with its name. */
export function factList(
  { columns: room }: Pick<Output, 'columns'>,
  facts: readonly (readonly string[])[],
): string {
  return facts
    .map(([name = '', fact = '']) => `${name.padEnd(12)}${wrapped(fact, 12, room())}\n`)
    .join('');
}

/** Further lines are indented to align with the first. */
export function wrapped(text: string, indent: number, room: number): string {
  const width = room - indent;
  if (width < 1 || stringWidth(text) <= width) return text;
  return wrapAnsi(text, width).replaceAll('\n', `\n${' '.repeat(indent)}`);
}

function pad(text: string, width: number, align: Column['align']): string {
  const spaces = ' '.repeat(width - stringWidth(text));
  return align === 'right' ? spaces + text : text + spaces;
}

function widest(cells: readonly string[]): number {
  return cells.reduce((most, cell) => Math.max(most, stringWidth(cell)), 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
