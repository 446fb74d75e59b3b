/** The output as a file: streamed, with the headers that clients need to cache it. */
import { Readable } from 'node:stream';
import { create as attachment } from 'content-disposition';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OutputFile } from '../core/ports/output.js';
import { ProblemError } from '../model/problems.js';
import { matches } from './conditional.js';

export async function answerFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: OutputFile | null,
  name: string,
) {
  if (file === null) throw absent();
  // Copies may be cached, but must be revalidated each time.
  reply.headers({ etag: file.etag, 'cache-control': 'no-cache' });
  if (matches(request.headers['if-none-match'], file.etag)) {
    await file.close();
    return reply.code(304).send();
  }
  reply.type('text/csv; charset=utf-8; header=present').headers({
    'content-length': String(file.sizeBytes),
    'content-disposition': attachment(name),
    'x-content-type-options': 'nosniff',
  });
  if (request.method === 'HEAD') {
    await file.close();
    // A stream, because Fastify would count the bytes of anything else into Content-Length.
    return reply.send(Readable.from([]));
  }
  // Fastify destroys the stream when the client goes away, and that closes the file.
  return reply.send(file.read());
}

/** Some of its rows. Reading ends when the client disconnects. */
export async function answerRows(
  request: FastifyRequest,
  reply: FastifyReply,
  rows: AsyncIterable<Buffer> | null,
  name: string,
) {
  if (rows === null) throw absent();
  reply.type('text/csv; charset=utf-8; header=present').headers({
    'cache-control': 'no-cache',
    'content-disposition': attachment(name),
    'x-content-type-options': 'nosniff',
  });
  const wanted = request.method === 'HEAD' ? [] : rows;
  return reply.send(Readable.from(wanted, { highWaterMark: 1 }));
}

function absent(): ProblemError {
  return new ProblemError('output-absent', 'No run has written an output yet.');
}
