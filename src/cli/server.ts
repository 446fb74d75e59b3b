/** Which server to use, and which token: from an option, an environment variable or a file. */
import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { UsageError } from './failure.js';
import type { Env } from './settings.js';

export type ServerArgs = Readonly<{ url?: string | undefined; 'token-file'?: string | undefined }>;

/** Null: no server, the service runs in this process. */
export function urlIn(env: Env, args: ServerArgs): string | null {
  if (args.url !== undefined) return readUrl('--url', args.url);
  const url = env['DAYMARK_URL'];
  return url ? readUrl('DAYMARK_URL', url) : null;
}

function readUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.username || url?.password) {
    throw new UsageError(`${name} holds a name or password; give the token as DAYMARK_TOKEN.`);
  }
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${name} "${text}" is not an address such as http://localhost:3000.`);
  }
  return text;
}

/** Null if none is given. No option takes the token itself, because others could see it in the process list. */
export async function tokenIn(env: Env, args: ServerArgs): Promise<string | null> {
  const file = args['token-file'] ?? env['DAYMARK_TOKEN_FILE'];
  if (file) return checked(await readTokenFile(file), file);
  const token = env['DAYMARK_TOKEN'];
  return token ? checked(token, 'DAYMARK_TOKEN') : null;
}

/** Anything longer is not a token, and a device file has no end. */
const maxTokenFileBytes = 16_384;

async function readTokenFile(file: string): Promise<string> {
  try {
    return await text(createReadStream(file, { end: maxTokenFileBytes }));
  } catch (error) {
    throw new UsageError(`The token cannot be read: ${(error as Error).message}.`);
  }
}

/** Otherwise a value that does not fit into a header would be printed in the error that refuses it. */
function checked(text: string, source: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const what = token === '' ? 'no token' : 'something other than one line of printable ASCII';
  throw new UsageError(`${source} holds ${what}.`);
}
