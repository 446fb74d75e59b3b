/**
 * A real redis-server for tests, on a free loopback port, in its own temporary folder, without any
 * persistence unless a test asks for it. Who starts one must stop it.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { createRedisAdmin } from './redis-admin.js';
import { type RedisProcess, startRedisProcess } from './redis-process.js';
import { openTempDir } from './temp-dir.js';

export interface RedisServerOptions {
  /** A free one by default. */
  readonly port?: number;
  /** Demanded from the start; see also `setPassword`. */
  readonly password?: string;
  /** More arguments for redis-server, such as `['--maxclients', '20']`. */
  readonly args?: readonly string[];
}

export interface RestartOptions {
  /** Saves the data before the end where the server still runs, and loads what was saved. */
  readonly keepData?: boolean;
  /** `listening` returns while the data may still be loading. */
  readonly until?: 'listening' | 'ready';
}

export interface RedisServer {
  readonly port: number;
  readonly pid: number;
  /** Its own folder, where it saves its data as `dump.rdb`. */
  readonly dir: string;
  /** Holds the password where one is demanded now. */
  readonly url: string;
  /** Any command, on a connection of its own; throws what Redis answers as an error. */
  command(...words: readonly (string | number)[]): Promise<unknown>;
  /** CONFIG SET. */
  config(name: string, value: string | number): Promise<void>;
  /** Demands a password from new connections, or none (null). See `dropClients` for existing ones. */
  setPassword(password: string | null): Promise<void>;
  /** Closes the connections of everyone but `command`. */
  dropClients(): Promise<void>;
  /** It stays alive and keeps its connections but answers nothing, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** The process dies (SIGKILL), port and folder stay for `restart`. */
  kill(): Promise<void>;
  /** On the same port; without `keepData`, empty. A password and CONFIG SETs are forgotten. */
  restart(options?: RestartOptions): Promise<void>;
  /** For good: the process and its folder are gone afterwards. May be called twice. */
  stop(): Promise<void>;
}

export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const dir = await openTempDir();
  try {
    const { port, process } = await startSomewhere(dir.path, options);
    return handleOf({ dir, port, process, options });
  } catch (error) {
    await dir.remove();
    throw error;
  }
}

interface Started {
  readonly port: number;
  process: RedisProcess;
}

/** Another process may take the free port first; then the next one is tried. */
async function startSomewhere(dir: string, options: RedisServerOptions): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    try {
      return { port, process: await startRedisProcess(argsFor(dir, port, options), 'ready') };
    } catch (error) {
      if (options.port !== undefined || attempt === 5) throw error;
    }
  }
}

function argsFor(dir: string, port: number, { password, args }: RedisServerOptions): string[] {
  const fixed = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const secret = password === undefined ? [] : ['--requirepass', password];
  return [...fixed, '--appendonly', 'no', '--daemonize', 'no', ...secret, ...(args ?? [])];
}

interface ServerParts extends Started {
  readonly dir: { readonly path: string; remove(): Promise<void> };
  readonly options: RedisServerOptions;
}

function handleOf(parts: ServerParts): RedisServer {
  const { dir, port } = parts;
  let password = parts.options.password ?? null;
  const url = () => {
    const secret = password === null ? '' : `:${encodeURIComponent(password)}@`;
    return `redis://${secret}127.0.0.1:${port}`;
  };
  const admin = createRedisAdmin(url);

  const kill = async () => {
    admin.disconnect();
    await parts.process.kill();
  };
  const restart = async ({ keepData = false, until = 'ready' }: RestartOptions = {}) => {
    if (keepData && !parts.process.ended) await admin.command('SAVE');
    await kill();
    if (!keepData) await rm(join(dir.path, 'dump.rdb'), { force: true });
    password = parts.options.password ?? null;
    parts.process = await startRedisProcess(argsFor(dir.path, port, parts.options), until);
  };

  return {
    port,
    dir: dir.path,
    get pid() {
      return parts.process.pid;
    },
    get url() {
      return url();
    },
    command: admin.command,
    config: async (name, value) => {
      await admin.command('CONFIG', 'SET', name, value);
    },
    setPassword: async (next) => {
      await admin.command('CONFIG', 'SET', 'requirepass', next ?? '');
      password = next;
    },
    dropClients: async () => {
      await admin.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    },
    freeze: () => parts.process.signal('SIGSTOP'),
    thaw: () => parts.process.signal('SIGCONT'),
    kill,
    restart,
    stop: async () => {
      await kill();
      await dir.remove();
    },
  };
}
