import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { ApplicationEvent } from './application-event.js';

const eventMark = 'DAYMARK ';
const mostLines = 12;
const longestLineChars = 300;

export interface PrintedLines {
  read(stream: Readable): void;
  /** The last lines that say something, for the end of a sentence; empty where there were none. */
  tail(): string;
}

/** What an application prints: events of the job among the words of Spark. */
export function createPrintedLines(onEvent: (event: ApplicationEvent) => void): PrintedLines {
  const last: string[] = [];

  const take = (line: string) => {
    if (line.startsWith(eventMark)) return tellEvent(line.slice(eventMark.length), onEvent);
    if (!saysSomething(line)) return;
    last.push(line.slice(0, longestLineChars));
    if (last.length > mostLines) last.shift();
  };

  return {
    read: (stream) => {
      createInterface({ input: stream }).on('line', take);
    },
    tail: () => (last.length === 0 ? '' : ` It printed last:\n${last.join('\n')}`),
  };
}

function tellEvent(text: string, onEvent: (event: ApplicationEvent) => void): void {
  try {
    onEvent(JSON.parse(text) as ApplicationEvent);
  } catch {
    // Cut off, because the job was killed.
  }
}

/** Stack frames and what all goes well with are passed over. */
function saysSomething(line: string): boolean {
  return line.trim() !== '' && !/^\s+at |^\s*\.\.\. \d+ more|\bINFO\b/.test(line);
}
