/** Checks of a day's files, after an engine has read them, that no single file can show. */

import { fileFormOf } from '../model/file-form.js';
import { groupedBy } from '../model/grouped.js';
import type { RawProblem } from '../model/raw-problem.js';
import { compareTexts } from '../model/text-order.js';
import type { FileFacts, FindSameTexts } from './ports/engine.js';
import type { RawDay, RawFile } from './ports/raw.js';

export interface FileChecks {
  /** Whether identical files fail the day, or all count. */
  readonly identicalFiles: 'fail' | 'count';
  /** Whether a file whose last row has no line feed fails its day, or only gets a warning. */
  readonly requireFinalNewline: boolean;
  readonly findSameTexts: FindSameTexts;
}

export interface CheckedFiles {
  /** They fail the day. */
  readonly problems: readonly RawProblem[];
  /** For people, a sentence each. */
  readonly warnings: readonly string[];
}

/** Throws RawReadError, or the signal's reason. */
export async function checkFiles(
  { files, complete }: Pick<RawDay, 'files' | 'complete'>,
  facts: readonly FileFacts[],
  { identicalFiles, requireFinalNewline, findSameTexts }: FileChecks,
  signal: AbortSignal,
): Promise<CheckedFiles> {
  const found: CheckedFiles[] = [];
  for (const alike of identicalFiles === 'fail' ? possiblyTheSame(files, facts) : []) {
    found.push(sayingTheSame(await findSameTexts(alike, signal)));
  }
  found.push(perhapsCut(facts, requireFinalNewline));
  if (!complete) found.push(empty(facts));
  found.push(lacking(facts));
  return {
    problems: found.flatMap(({ problems }) => problems),
    warnings: found.flatMap(({ warnings }) => warnings),
  };
}

/** Groups of files with rows that may hold the same bytes, as far as is known. */
export function possiblyTheSame(
  files: readonly RawFile[],
  facts: readonly FileFacts[],
): RawFile[][] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const withRows = facts.filter(({ name, rows }) => rows > 0 && byName.has(name));
  const alike = groupedBy(
    withRows,
    ({ textBytes, rows, endsWithLineFeed }) => `${textBytes}/${rows}/${endsWithLineFeed}`,
  );
  return [...alike.values()]
    .filter(({ length }) => length > 1)
    .map((some) => some.map(({ name }) => byName.get(name) as RawFile));
}

function sayingTheSame(firstOf: ReadonlyMap<string, string>): CheckedFiles {
  const problems = [...firstOf].map(([file, first]) =>
    problemIn(
      file,
      `it holds the same bytes as ${first}, and would count twice; remove one of the two, or set DAYMARK_IDENTICAL_FILES=count if both are meant`,
    ),
  );
  return { problems, warnings: [] };
}

/**
 * A cut may have made the last number a smaller one, or have left no more than a piece of the header. An object of JSON
 * would be an error then, and so would Parquet, which ends with what it holds.
 */
function perhapsCut(facts: readonly FileFacts[], isProblem: boolean): CheckedFiles {
  const unended = facts.filter(({ name, textBytes, endsWithLineFeed }) => {
    const format = fileFormOf(name)?.format;
    const showsCut = format === 'parquet' || (format === 'jsonl' && !isProblem);
    return textBytes > 0 && !endsWithLineFeed && !showsCut;
  });
  if (!isProblem) {
    const told = unended.map((each) => `${each.name} ends without a line feed; ${perhaps(each)}`);
    return { problems: [], warnings: told };
  }
  const problems = unended.map((each) => {
    const message = `the file ends without a line feed; ${perhaps(each)}. Deliver it again, or set DAYMARK_REQUIRE_FINAL_NEWLINE=false`;
    return problemIn(each.name, message);
  });
  return { problems, warnings: [] };
}

function perhaps({ name, rows }: FileFacts): string {
  const what =
    rows > 0 && fileFormOf(name)?.format !== 'jsonl'
      ? 'its last row is wrong'
      : 'its rows are missing';
  return `if it was cut while it was uploaded, ${what}`;
}

function empty(facts: readonly FileFacts[]): CheckedFiles {
  const names = facts.filter(({ textBytes }) => textBytes === 0).map(({ name }) => name);
  const warnings = names.map((name) => `${name} is empty, and was skipped`);
  return { problems: [], warnings };
}

/** A column that is renamed or forgotten where files are written looks like one without values. */
function lacking(facts: readonly FileFacts[]): CheckedFiles {
  const names = [...new Set(facts.flatMap((each) => each.lacking ?? []))];
  const warnings = names.map((name) => {
    const [first, ...others] = facts.filter((each) => each.lacking?.includes(name));
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const verb = others.length === 0 ? 'has' : 'have';
    return `${first?.name}${more} ${verb} no column ${JSON.stringify(name)}, whose cells are taken for empty`;
  });
  return { problems: [], warnings };
}

function problemIn(file: string, message: string): RawProblem {
  return { file, line: null, column: null, value: null, message };
}

/** All category columns of a day's files, sorted by code point. */
export function columnsOf(facts: readonly FileFacts[]): string[] {
  return [...new Set(facts.flatMap(({ columns }) => columns))].sort(compareTexts);
}
