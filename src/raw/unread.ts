/** Why an entry of a day's folder is left out. Data that is missed must not be missed in silence. */
import type { UnreadEntry } from '../core/ports/raw.js';
import { type Entry, lookAtEntry } from './entries.js';
import { isMarked, isSideFile } from './side-files.js';

/** Null for what is known to be no data, and for what vanished. */
export async function describeUnread(folder: string, entry: Entry): Promise<UnreadEntry | null> {
  const { name } = entry;
  if (isMarked(name) || isSideFile(name)) return null;
  if (!entry.readable) return { name, reason: 'Its name is not valid UTF-8; rename it.' };
  try {
    const stats = await lookAtEntry(folder, entry);
    if (stats === null) return null;
    return { name, reason: stats.isDirectory() ? nested : reasonFor(name) };
  } catch {
    // In a folder whose entries cannot be looked at the name tells as much as there is to tell.
    return { name, reason: reasonFor(name) };
  }
}

const nested =
  "It is a folder; files must lie directly in the day's folder. Move its files there, or begin its name with _ if it holds no data.";

const endings = 'files of a day end with .csv or .csv.gz';
const orMark = 'begin its name with _ if it is no data';

/** What the ends of names mean; the first that fits counts. */
const meanings: readonly (readonly [ending: RegExp, reason: (ending: string) => string])[] = [
  [
    /\.(?:tmp|temp|part|partial|filepart|crdownload|download|inprogress|writing|incomplete)$/i,
    (ending) =>
      `It ends with ${ending}, as files do that are not complete yet; ${endings}. Rename it when it is complete, or remove it.`,
  ],
  [
    /(?:~|#|\.(?:bak|backup|old|orig|save|swp|swo))$/i,
    (ending) =>
      `It ends with ${ending}, as backups of editors do; ${endings}. Remove it, or rename it if it is data.`,
  ],
  [
    /\.(?:zip|7z|rar|tar|tgz|bz2|xz|zst|lz4|snappy|lzo|br|z)$/i,
    (ending) => `It ends with ${ending}; ${endings}. Unpack it, or pack it with gzip; ${orMark}.`,
  ],
  [/\.gz$/i, (ending) => `It ends with ${ending} alone; ${endings}. Rename it, or ${orMark}.`],
  [
    /\.[^.\s]+$/,
    (ending) => `It ends with ${ending}; ${endings}. Bring it into that form, or ${orMark}.`,
  ],
];

function reasonFor(name: string): string {
  for (const [pattern, reason] of meanings) {
    const ending = pattern.exec(name)?.[0];
    if (ending !== undefined) return reason(ending);
  }
  return `Its name does not end with .csv or .csv.gz, as files of a day do. Rename it, or ${orMark}.`;
}
