/** Names of columns that are hardly what they seem: they would pass for categories, and what they hold for items. */

/** What no one sees: controls, marks of byte order and direction, joiners, soft hyphens. A blank is none of them. */
const invisible = /\ufeff|(?!\s)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const blank = /(?!\ufeff)\s/gu;
const separator = /[\s\p{Pd}_.]+/gu;

export function hasNothingToSee(name: string): boolean {
  return name.replace(invisible, '').trim() === '';
}

/** A byte order mark that was read as Latin-1, and quotes that became part of the name. */
const wrapping = /^(?:ï»¿)+|["'`]/gu;

/** Equal for names that people and tools take for the same, as `order_id`, ` Order ID` and `OrderId`. */
export function folded(name: string): string {
  const seen = name.normalize('NFKC').replace(invisible, '').replace(wrapping, '');
  return seen.replace(separator, '').toLowerCase();
}

/** With everything that cannot be seen, or be told from a blank, written out: `<U+FEFF>order_id`. */
export function madeVisible(name: string): string {
  return name
    .replace(invisible, written)
    .replace(blank, (each) => (each === ' ' ? each : written(each)));
}

function written(character: string): string {
  return `<${codePointOf(character)}>`;
}

function codePointOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** What `name` has that `meant` has not, in words; both fold to the same. */
export function differenceOf(name: string, meant: string): string {
  const seen = name.replace(invisible, '');
  const trimmed = seen.trim();
  const differences = [
    ...invisibleIn(name),
    ...(seen === trimmed ? [] : ['blanks around it']),
    ...(trimmed === meant ? [] : [spellingOf(trimmed, meant)]),
  ];
  return `with ${differences.join(' and ')}`;
}

function invisibleIn(name: string): string[] {
  const rest = name.replace(/^\ufeff+/, '');
  const others = [...new Set(rest.match(invisible) ?? [])].map(codePointOf);
  return [
    ...(rest === name ? [] : ['a byte order mark in front']),
    ...(others.length === 0 ? [] : [`invisible characters in it (${others.join(', ')})`]),
  ];
}

function spellingOf(name: string, meant: string): string {
  return name.toLowerCase() === meant.toLowerCase() ? 'other capitals' : 'another spelling';
}

/**
 * What programs call the column of a table's row numbers, or one that had no name. Only what nobody would call
 * a category: `index` and `X` are as likely as these, and may be one.
 */
const artefacts: readonly [pattern: RegExp, origin: string][] = [
  [/^unnamed[ :_.-]*[0-9]+(?:[._][0-9]+)*(?:_level_[0-9]+)?$/i, 'an index that pandas wrote'],
  [/^level_[0-9]+$/i, 'an index that pandas wrote'],
  [/^__index_level_[0-9]+__$/i, 'an index that pandas wrote'],
  [/^__null_dask_index__$/i, 'an index that Dask wrote'],
  [/^_c[0-9]+$/, 'a column without a name that Spark wrote'],
  [/^\.{3}[0-9]+$/, 'a column without a name, such as row names, that R wrote'],
];

/** Where the name comes from, if it is no category's; else null. */
export function artefactOf(name: string): string | null {
  const plain = name.normalize('NFKC').replace(invisible, '').trim();
  return artefacts.find(([pattern]) => pattern.test(plain))?.[1] ?? null;
}
