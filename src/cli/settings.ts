/** Flags that stand for settings: they override the environment, and mean the same. */
import type { Options } from 'yargs';
import type { LayoutName } from '../model/day.js';

export type Env = Readonly<Record<string, string | undefined>>;

const layoutNames: readonly LayoutName[] = ['index', 'date'];

/** Where the days and the output are. */
export const placeOptions = {
  'raw-dir': setting('DAYMARK_RAW_DIR', 'the raw root'),
  'output-file': setting('DAYMARK_OUTPUT_FILE', 'the output'),
  layout: { ...setting('DAYMARK_LAYOUT', 'how days are named'), choices: layoutNames },
  'redis-url': setting('DAYMARK_REDIS_URL', 'where the checkpoint is mirrored'),
} as const satisfies Record<string, Options>;

/** How the service is reached, for `serve`. */
export const serverOptions = {
  host: setting('DAYMARK_HOST', 'the address to listen on'),
  port: setting('DAYMARK_PORT', 'the port; 0 takes a free one'),
} as const satisfies Record<string, Options>;

export const placeFlags = Object.keys(placeOptions);

const variables: Readonly<Record<string, string>> = {
  'raw-dir': 'DAYMARK_RAW_DIR',
  'output-file': 'DAYMARK_OUTPUT_FILE',
  layout: 'DAYMARK_LAYOUT',
  'redis-url': 'DAYMARK_REDIS_URL',
  host: 'DAYMARK_HOST',
  port: 'DAYMARK_PORT',
};

/** The environment as the flags have it. */
export function overridden(env: Env, args: Readonly<Record<string, unknown>>): Env {
  const flags = Object.entries(variables).flatMap(([flag, variable]) => {
    const value = args[flag];
    return typeof value === 'string' ? [[variable, value] as const] : [];
  });
  return { ...env, ...Object.fromEntries(flags) };
}

/** Who may come in, and how many at once, is a matter for what listens: nothing does here. */
const doorSettings =
  /^DAYMARK_(HOST|PORT|READ_TOKEN|OPERATE_TOKEN|TLS_\w+|TRUST_PROXY|\w+_LIMIT|MAX_\w+)$/;

/** For a service in this process. */
export function inProcessEnv(env: Env): Env {
  const kept = Object.entries(env).filter(([name]) => !doorSettings.test(name));
  return {
    ...Object.fromEntries(kept),
    // No one is there to be served between two looks.
    DAYMARK_RECONCILE_INTERVAL_MS: '0',
    // However busy the process is, its only caller waits.
    DAYMARK_MAX_LOOP_DELAY_MS: '0',
  };
}

function setting(variable: string, description: string) {
  return {
    type: 'string',
    requiresArg: true,
    description: `${description} [${variable}]`,
    group: 'Settings:',
  } as const satisfies Options;
}
