/** Aligned columns, without lines: they survive being pasted, and `awk` reads them. */
import stringWidth from 'string-width';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

const gap = '  ';

/** Ends with a line break. The cells may be coloured. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => stringWidth(row[at] ?? ''))));
  const lineOf = (row: readonly string[]) =>
    columns
      .map(({ align }, at) => pad(row[at] ?? '', widths[at] ?? 0, align))
      .join(gap)
      .trimEnd();
  return all.map((row) => `${lineOf(row)}\n`).join('');
}

function pad(text: string, width: number, align: Column['align']): string {
  const spaces = ' '.repeat(width - stringWidth(text));
  return align === 'right' ? spaces + text : text + spaces;
}
