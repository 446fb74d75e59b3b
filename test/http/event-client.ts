/** A client that follows a run, over a socket of its own: it can be cut, or stop to read. */

import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { RunAnswer } from '../../src/http/schemas/run.js';
import type { RunProgress } from '../../src/model/progress.js';

export type SeenEvent =
  | { readonly id: string; readonly event: 'state'; readonly data: RunAnswer }
  | { readonly id: string; readonly event: 'progress'; readonly data: RunProgress };

export interface EventClient {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** What came so far, or the body of a problem. */
  readonly events: readonly SeenEvent[];
  readonly heartbeats: number;
  readonly text: string;
  /** Resolves when the stream ends; true where it ended as it should, false where it was cut. */
  readonly ended: Promise<boolean>;
  cut(): void;
  /** No longer takes what comes. */
  pause(): void;
  states(): RunAnswer[];
  progress(): RunProgress[];
}

/** Resolves with the head of the answer. */
export function follow(
  address: string,
  idOrKey: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventClient> {
  const path = `/v1/runs/${encodeURIComponent(idOrKey)}/events`;
  return new Promise((resolve, reject) => {
    const asked = request(`${address}${path}`, { agent: false, headers }, (answer) =>
      resolve(clientOf(answer)),
    );
    asked.on('error', reject).end();
    onTestFinished(() => void asked.destroy());
  });
}

function clientOf(answer: IncomingMessage): EventClient {
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<boolean>((resolve) => {
    answer.on('error', () => {}).on('close', () => resolve(answer.complete));
  });
  const eventsNow = () => blocksOf(text).flatMap(eventOf);
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    get events() {
      return eventsNow();
    },
    get heartbeats() {
      return blocksOf(text).filter((block) => block === ': heartbeat').length;
    },
    get text() {
      return text;
    },
    ended,
    cut: () => answer.destroy(),
    pause: () => void answer.pause(),
    states: () => eventsNow().flatMap((each) => (each.event === 'state' ? [each.data] : [])),
    progress: () => eventsNow().flatMap((each) => (each.event === 'progress' ? [each.data] : [])),
  };
}

/** Without one that is still coming in. */
function blocksOf(text: string): string[] {
  return text.split('\n\n').slice(0, -1);
}

function eventOf(block: string): SeenEvent[] {
  if (block.startsWith(':')) return [];
  const [, id, event, data] = /^id: (\S+)\nevent: (\S+)\ndata: (.*)$/.exec(block) ?? [];
  if (data === undefined) throw new Error(`not an event of ours: ${block}`);
  return [{ id, event, data: JSON.parse(data) } as SeenEvent];
}
