/** HTTP as bytes on a socket, for what no decent client would send. */
import { connect, type Socket } from 'node:net';

export interface WireAnswer {
  /** 0 where the connection ended without an answer. */
  readonly status: number;
  /** By lower-cased name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A socket to the service, whose errors (it may be cut) are not thrown. */
export function openSocket(address: string): Socket {
  const { hostname, port } = new URL(address);
  return connect(Number(port), hostname).on('error', () => {});
}

/** Sends the bytes, and gives all that comes back until the other side ends the connection. */
export async function exchange(
  address: string,
  bytes: Buffer | string,
  timeoutMs = 10_000,
): Promise<string> {
  const socket = openSocket(address);
  socket.write(bytes);
  return everything(socket, timeoutMs);
}

/** What arrives until the connection ends; throws where it does not end in time. */
export function everything(socket: Socket, timeoutMs = 10_000): Promise<string> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no end within ${timeoutMs} ms, after: ${Buffer.concat(chunks)}`));
      socket.destroy();
    }, timeoutMs);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

/** The first answer in `text`. */
export function parseAnswer(text: string): WireAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [start = '', ...lines] = text.slice(0, end === -1 ? 0 : end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(/^HTTP\/1\.1 ([0-9]{3}) /.exec(start)?.[1] ?? 0),
    headers: Object.fromEntries(headers),
    body: text.slice(end + 4),
  };
}

/** Every status line in `text`, in order. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 ([0-9]{3}) /g)].map(([, status]) => Number(status));
}
