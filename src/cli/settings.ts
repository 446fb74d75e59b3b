/** Options that correspond to settings: they mean the same, and override the environment. */
import type { Options } from 'yargs';
import { z } from 'zod';
import { type Env, type Setting, variableOf } from '../config/setting.js';
import { allSettings, settingGroups } from '../config/settings.js';

export type { Env } from '../config/setting.js';

/** Where the days and the output are. */
export const placeOptions = optionsOf(({ option }) => option === 'every-command');

export const serveOptions = optionsOf(({ option }) => option !== undefined);

export const placeFlags = Object.keys(placeOptions);

/** Commands read them only as settings, so yargs gets no types for them. */
function optionsOf(isTaken: (setting: Setting) => boolean): Readonly<Record<never, Options>> {
  const taken = Object.entries(allSettings).filter(([, setting]) => isTaken(setting));
  return Object.fromEntries(
    taken.map(([name, setting]) => [flagOf(name), optionOf(name, setting)]),
  );
}

function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, '-$&').toLowerCase();
}

function optionOf(name: string, { sentence, check }: Setting): Options {
  return {
    type: 'string',
    requiresArg: true,
    description: `${sentence.replaceAll('`', '')} [${variableOf(name)}]`,
    group: 'Settings:',
    ...(check instanceof z.ZodEnum ? { choices: check.options } : {}),
  };
}

/** The environment with these options applied. */
export function overridden(
  env: Env,
  args: Readonly<Record<string, unknown>>,
  options = placeOptions,
): Env {
  const given = Object.keys(allSettings).flatMap((name) => {
    const value = flagOf(name) in options ? args[flagOf(name)] : undefined;
    return typeof value === 'string' ? [[variableOf(name), value] as const] : [];
  });
  return { ...env, ...Object.fromEntries(given) };
}

/** For a service in this process: nothing listens, so access and limits do not matter. */
export function inProcessEnv(env: Env): Env {
  return {
    ...without(env, ({ about }) => about === 'door'),
    // Nobody needs a background look.
    DAYMARK_RECONCILE_INTERVAL_MS: '0',
    // Its only caller waits, however busy the process is.
    DAYMARK_MAX_LOOP_DELAY_MS: '0',
  };
}

/** Without the settings of some groups. */
export function without(
  env: Env,
  isLeftOut: (group: (typeof settingGroups)[number]) => boolean,
): Env {
  const names = settingGroups.filter(isLeftOut).flatMap(({ settings }) => Object.keys(settings));
  const variables = new Set(names.map(variableOf));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !variables.has(name)));
}
