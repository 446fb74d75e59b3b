/** Values as DuckDB's SQL writes them. */

export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function listOf(texts: readonly string[]): string {
  return `[${texts.map(quotedText).join()}]`;
}

/** `options` are named arguments of `read_csv`, as `argumentsOf` writes them. */
export function readCsv(paths: readonly string[], options: string): string {
  return `read_csv(${listOf(paths)}, ${options})`;
}

/** Values are SQL. */
export function argumentsOf(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
}
