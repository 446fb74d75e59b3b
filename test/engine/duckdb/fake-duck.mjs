// A DuckDB process that answers as the query's text says: what it sends, line by line, after which it hangs or ends.
import { Socket } from 'node:net';

const service = new Socket({ fd: 3 });
const rows = (...rows) => ({ kind: 'rows', rows });
const end = (rows) => ({ kind: 'end', rows, rssBytes: 1 });

const sent = {
  sound: [rows(['a', null], ['b', 'c']), end(2)],
  empty: [end(0)],
  'cut short': [rows(['a'], ['b']), end(3)],
  'too many': [rows(['a'], ['b']), end(1)],
  'none of those announced': [end(1)],
  'other widths': [rows(['a']), rows(['a', 'b']), end(2)],
  'other widths in one': [rows(['a'], ['a', 'b']), end(2)],
  'a number': [rows([1]), end(1)],
  'no row': [{ kind: 'rows', rows: [] }, end(0)],
  'no list': [{ kind: 'rows', rows: { 0: ['a'] } }, end(0)],
  'no count': [{ kind: 'end', rows: -1, rssBytes: 1 }],
  garbage: ['%PDF-1.7'],
  'half a line': ['{"kind":"rows","rows":[["a"'],
  'no object': ['null'],
  'another kind': [{ kind: 'oops' }],
  'other fields': [{ ...end(0), also: 1 }],
  'ready again': [{ kind: 'ready' }, end(0)],
  columns: [{ kind: 'columns', columns: [], rssBytes: 1 }],
  'a place beyond': [
    { kind: 'failed', failure: { kind: 'query', message: 'no', at: 99 }, rssBytes: 1 },
  ],
  'a failure of another kind': [
    { kind: 'failed', failure: { kind: 'odd', message: 'no', at: null }, rssBytes: 1 },
  ],
  'progress beyond all': [{ kind: 'progress', share: 1.5 }, end(0)],
  broken: [{ kind: 'broken', message: 'INTERNAL Error: oops' }],
  nothing: [],
  'an end, and more': [end(0), rows(['a'])],
  steps: [0.5, 0.25, 0.5, 0.75].map((share) => ({ kind: 'progress', share })).concat(end(0)),
};

const write = (message, id) =>
  service.write(`${typeof message === 'string' ? message : JSON.stringify({ ...message, id })}\n`);

const acts = {
  exit: () => process.exit(3),
  complain: () => process.stderr.write('cannot go on\n', () => process.exit(4)),
  flood: () => {
    for (let n = 0; n < 20; n++) service.write('x'.repeat(1_000_000));
  },
  'an end, and more later': (id) => {
    write(end(0), id);
    setTimeout(() => write(rows(['a']), id), 300);
  },
};

let text = '';
if (process.env.TZ !== 'UTC' || Object.keys(process.env).length !== 1) process.exit(9);
write({ kind: 'ready' });
service.on('close', () => process.exit());
service.setEncoding('utf8').on('data', (more) => {
  const lines = (text + more).split('\n');
  text = lines.pop();
  for (const line of lines) {
    const { kind, id, select } = JSON.parse(line);
    // It hears nothing of a query that is cancelled.
    if (kind !== 'cancel') answer(id, select);
  }
});

function answer(id, select) {
  for (const message of sent[select] ?? [])
    write(message, /^(?:ready|broken)$/.test(message.kind) ? undefined : id);
  acts[select]?.(id);
}
