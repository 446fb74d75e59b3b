/** Why an entry of a day's folder is left out, so that data is never silently missed. */
import type { UnreadEntry } from '../core/ports/raw.js';
import { formEnding } from '../model/file-form.js';
import { type Entry, lookAtEntry } from './entries.js';
import { isMarked, isSideFile } from './side-files.js';
import { anyOf, type FileWords } from './template-words.js';

/** Null for entries that are certainly not data, or have vanished. `nested` is the explanation for a folder. */
export async function describeUnread(
  folder: string,
  entry: Entry,
  words: FileWords,
  nested: string,
): Promise<UnreadEntry | null> {
  const { name } = entry;
  if (isMarked(name) || isSideFile(name)) return null;
  if (!entry.readable) return { name, reason: 'Its name is not valid UTF-8; rename it.' };
  try {
    const stats = await lookAtEntry(folder, entry);
    if (stats === null) return null;
    return { name, reason: stats.isDirectory() ? nested : whyUnread(name, words) };
  } catch {
    // If the entries cannot be accessed, only their names are known.
    return { name, reason: whyUnread(name, words) };
  }
}

const orMark = 'begin its name with _ if it is no data';

/** The meaning of name endings; the first match counts. */
const meanings: readonly (readonly [
  ending: RegExp,
  reason: (ending: string, endings: string) => string,
])[] = [
  [
    /\.(?:tmp|temp|part|partial|filepart|crdownload|download|inprogress|writing|incomplete)$/i,
    (ending, endings) =>
      `It ends with ${ending}, as files do that are not complete yet; ${endings}. Rename it when it is complete, or remove it.`,
  ],
  [
    /(?:~|#|\.(?:bak|backup|old|orig|save|swp|swo))$/i,
    (ending, endings) =>
      `It ends with ${ending}, as backups of editors do; ${endings}. Remove it, or rename it if it is data.`,
  ],
  [
    /\.(?:zip|7z|rar|tar|tgz|bz2|xz|zst|lz4|snappy|lzo|br|z)$/i,
    (ending, endings) =>
      `It ends with ${ending}; ${endings}. Unpack it, or pack it with gzip; ${orMark}.`,
  ],
  [
    /\.gz$/i,
    (ending, endings) => `It ends with ${ending} alone; ${endings}. Rename it, or ${orMark}.`,
  ],
  [/\.[^.\s]+$/, otherForm],
];

function otherForm(ending: string, endings: string): string {
  return `It ends with ${ending}; ${endings}. Bring it into that form, or ${orMark}.`;
}

/** Of files that are named like data, though not like those of a day. */
function whyLeftOut(form: string, all: string, endings: readonly string[]): string {
  return endings.includes(form.toLowerCase())
    ? `It is left out: ${all}. Rename it, or ${orMark}.`
    : otherForm(form, all);
}

export function whyUnread(name: string, { all, endings }: FileWords): string {
  const form = formEnding.exec(name)?.[0];
  if (form !== undefined) return whyLeftOut(form, all, endings);
  for (const [pattern, reason] of meanings) {
    const ending = pattern.exec(name)?.[0];
    if (ending !== undefined) return reason(ending, all);
  }
  return `Its name does not end with ${anyOf(endings)}, as files of a day do. Rename it, or ${orMark}.`;
}
