/**
 * Reads a file over and over without a pause, in small pieces, as a stranger would who knows nothing of
 * Daymark. Prints each text that it sees for the first time, and how often it read, as lines of JSON.
 *
 *   node tight-reader.mjs /path/of/the/output.csv
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const path = process.argv[2];
const piece = Buffer.alloc(512);
const seen = new Set();
let reads = 0;
let stopping = false;
process.once('SIGTERM', () => {
  stopping = true;
});

const print = (message) => writeSync(1, `${JSON.stringify(message)}\n`);

function open() {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function look() {
  const file = open();
  if (file === null) return;
  const pieces = [];
  for (let count = readSync(file, piece); count > 0; count = readSync(file, piece)) {
    pieces.push(Buffer.from(piece.subarray(0, count)));
  }
  closeSync(file);
  reads += 1;
  const text = Buffer.concat(pieces).toString('utf8');
  if (seen.has(text)) return;
  seen.add(text);
  print({ text });
}

/** In bursts, so that the signal is heard between them. */
function burst() {
  for (let turn = 0; turn < 20; turn += 1) look();
  if (!stopping) return setImmediate(burst);
  print({ reads });
}

burst();
