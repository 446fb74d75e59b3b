/** Names that are certain to be no data: they are passed over, and nothing is told of them. */

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

/** As everyone marks what is no data. */
export function isMarked(name: string): boolean {
  return /^[._]/.test(name);
}

/** `~$orders.csv` is how Excel notes who has `orders.csv` open. */
export function isSideFile(name: string): boolean {
  return name.startsWith('~$') || sideNames.has(name.toLowerCase()) || checksumEnding.test(name);
}
