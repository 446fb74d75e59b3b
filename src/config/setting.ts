/**
 * A setting is described once: its check, its default, the sentence for the README and `--help`, and which commands
 * accept it. `settings.ts` has them all.
 */
import { z } from 'zod';

export type Env = Readonly<Record<string, string | undefined>>;

export interface Setting {
  /** For people, in Markdown. */
  readonly sentence: string;
  readonly default: string | null;
  /** What the README says instead if the default depends on something else. */
  readonly unset?: string;
  readonly check: z.ZodType<unknown, string>;
  /** Which commands accept it as an option. */
  readonly option?: 'every-command' | 'serve';
}

/** By the names that values have in the configuration: `rawDir` is `DAYMARK_RAW_DIR`, and the option `--raw-dir`. */
export type Settings = Readonly<Record<string, Setting>>;

export type ValuesOf<Described extends Settings> = {
  readonly [Name in keyof Described]:
    | z.output<Described[Name]['check']>
    | Extract<Described[Name]['default'], null>;
};

export const prefix = 'DAYMARK_';

export function variableOf(name: string): string {
  return `${prefix}${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
}

/** `fallback` as it would be written in the environment; null: none. */
export function setting<const Fallback extends string | null, Check extends Setting['check']>(
  fallback: Fallback,
  check: Check,
  others: Pick<Setting, 'unset' | 'option'> = {},
) {
  return { says: (sentence: string) => ({ default: fallback, check, sentence, ...others }) };
}

/** A malformed setting gets its default. An empty text counts as unset. */
export function readSettings<Described extends Settings>(
  settings: Described,
  env: Env,
  mistakes: string[],
): ValuesOf<Described> {
  const entries = Object.entries(settings).map(([name, { check, default: fallback }]) => {
    const text = env[variableOf(name)] || fallback;
    const { data, error } = text === null ? { data: null } : check.safeParse(text);
    const wrong = error?.issues.map(({ message }) => `${variableOf(name)} ${message}.`) ?? [];
    mistakes.push(...wrong);
    return [name, wrong.length === 0 ? data : fallback && check.parse(fallback)];
  });
  return Object.fromEntries(entries) as ValuesOf<Described>;
}

// ---------------------------------------------------------------- checks; all values come as text

export const text = z
  .string()
  .refine((value) => value.trim() === value, 'has spaces around it, probably by mistake');

export function integer(min: number, max: number) {
  const message = `must be an integer from ${min} to ${max}`;
  return z
    .string()
    .regex(/^[0-9]{1,16}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

export function oneOf<const Choices extends readonly string[]>(choices: Choices) {
  return z.enum(choices, { error: `must be one of: ${choices.join(', ')}` });
}

export const flag = oneOf(['true', 'false']).transform((value) => value === 'true');

export const list = text.transform((value): readonly string[] =>
  value
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== ''),
);

// ---------------------------------------------------------------- checks of several settings together

/** A condition, and the sentence for the mistake. */
export type Conflict = readonly [isSo: boolean, sentence: string];

export function sentencesOf(conflicts: readonly Conflict[]): string[] {
  return conflicts.filter(([isSo]) => isSo).map(([, sentence]) => sentence);
}

/** A certificate and its key; `names` is what the settings begin with: `DAYMARK_TLS`. */
export function pairConflict(names: string, cert: string | null, key: string | null): Conflict {
  const sentence = `${names}_CERT_FILE and ${names}_KEY_FILE belong together. Set both, or neither.`;
  return [(cert === null) !== (key === null), sentence];
}
