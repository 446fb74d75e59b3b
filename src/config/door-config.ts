/** The settings of access: where the service listens, who may connect, and how many at once. */
import { isIP } from 'node:net';
import {
  type Conflict,
  integer,
  list,
  pairConflict,
  setting,
  text,
  type ValuesOf,
} from './setting.js';
import { parseTokens, type TokenSets, tokenConflicts } from './tokens.js';

export const doorSettings = {
  host: setting(
    '127.0.0.1',
    text.refine((host) => !/[\s/]/.test(host), 'must be a host name or address'),
    { option: 'serve' },
  ).says('the address to listen on; beyond loopback it needs tokens'),
  port: setting('3000', integer(0, 65_535), {
    option: 'serve',
  }).says('the port to listen on; `0` takes a free one'),
  operateToken: setting(
    '',
    list.transform((entries) => parseTokens('operate', entries)),
  ).says(
    'the token that callers need to change anything; separate several by commas, and name them as `name:token` if you like; see [docs/SECURITY.md](docs/SECURITY.md)',
  ),
  readToken: setting(
    '',
    list.transform((entries) => parseTokens('read', entries)),
  ).says('the same for callers who only read'),
  tlsCertFile: setting(null, text).says(
    'a PEM file with the certificate and its chain; if set, the service accepts only TLS, and reads the file again on `SIGHUP`',
  ),
  tlsKeyFile: setting(null, text).says('a PEM file with the key of that certificate'),
  trustProxy: setting(
    '',
    list.refine(
      (networks) => networks.every(isNetwork),
      'must be addresses or networks such as 10.0.0.0/8, separated by commas',
    ),
  ).says(
    'addresses or networks of proxies whose `X-Forwarded-For` is trusted, separated by commas',
  ),
  rateLimit: setting('30000', integer(0, 1_000_000_000)).says(
    'requests that one address may send in a minute, if tokens are set; `0` for no limit',
  ),
  loginLimit: setting('20', integer(0, 1_000_000)).says(
    'wrong tokens in a minute after which an address has to wait; valid tokens are always accepted; `0` for no limit',
  ),
  maxLoopDelayMs: setting('2000', integer(0, 3_600_000)).says(
    'the average delay of the event loop, over a period of the same length, above which requests are answered with 503; `0` for no limit',
  ),
  maxHeapBytes: setting('0', integer(0, Number.MAX_SAFE_INTEGER)).says(
    'the same for heap memory; `0` for no limit',
  ),
  maxRssBytes: setting('0', integer(0, Number.MAX_SAFE_INTEGER)).says(
    'the same for the total memory of the process; `0` for no limit',
  ),
  maxEventStreams: setting('100', integer(0, 10_000)).says(
    'how many clients may follow runs at once; more get 503',
  ),
  eventHeartbeatMs: setting('15000', integer(100, 600_000)).says(
    'the longest silence on such a stream; a client that takes nothing for four times as long is cut off',
  ),
};

type Values = ValuesOf<typeof doorSettings>;

/** PEM files: the certificate with its chain, and its key. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface DoorConfig
  extends Omit<Values, 'operateToken' | 'readToken' | 'tlsCertFile' | 'tlsKeyFile'> {
  /** Secrets: never log them. Null: the service is open, and listens on loopback only. */
  readonly tokens: TokenSets | null;
  /** Null: plain HTTP. */
  readonly tls: TlsFiles | null;
}

export function toDoorConfig(values: Values): DoorConfig {
  const { operateToken: operate, readToken: read, tlsCertFile, tlsKeyFile, ...others } = values;
  return {
    ...others,
    tokens: operate.length === 0 ? null : { read, operate },
    tls:
      tlsCertFile === null || tlsKeyFile === null
        ? null
        : { certFile: tlsCertFile, keyFile: tlsKeyFile },
  };
}

export function doorConflicts(values: Values): Conflict[] {
  const { host, operateToken: operate, readToken: read, tlsCertFile, tlsKeyFile } = values;
  return [
    ...tokenConflicts({ read, operate }),
    [
      operate.length === 0 && !isLoopback(host),
      `DAYMARK_HOST ${host} is reachable from other machines, which requires DAYMARK_OPERATE_TOKEN (and DAYMARK_READ_TOKEN for callers who only read). Set them, or bind to 127.0.0.1.`,
    ],
    pairConflict('DAYMARK_TLS', tlsCertFile, tlsKeyFile),
  ];
}

function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) === 4) return address.startsWith('127.');
  return address === '::1' || address.toLowerCase() === 'localhost';
}

function isNetwork(value: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/([0-9]{1,3}))?$/.exec(value) ?? [];
  const family = isIP(address);
  return family !== 0 && (bits === undefined || Number(bits) <= (family === 4 ? 32 : 128));
}
