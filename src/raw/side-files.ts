/** Names that are certainly not data; they are skipped silently. */

/** Of operating systems, file servers and tools; compared in lower case. */
const sideNames: ReadonlySet<string> = new Set([
  'thumbs.db',
  'desktop.ini',
  'lost+found',
  '@eadir',
  'system volume information',
  '$recycle.bin',
]);

const checksumEnding = /\.(?:md5|sha1|sha224|sha256|sha384|sha512)$/i;

/** The usual marks for files that are not data. */
export function isMarked(name: string): boolean {
  return /^[._]/.test(name);
}

/** Excel's lock file for an open `orders.csv` is `~$orders.csv`. */
export function isSideFile(name: string): boolean {
  return name.startsWith('~$') || sideNames.has(name.toLowerCase()) || checksumEnding.test(name);
}
