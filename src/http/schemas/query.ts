/** Query parameters arrive as text, or as a list if one is given twice. */
import { z } from 'zod';

/** A route without parameters: giving any is a mistake. */
export const noQuery = z.strictObject({});

export function queryInteger(min: number, max: number, description: string) {
  return z
    .string()
    .transform((text, context) => {
      const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= min && value <= max) return value;
      context.addIssue({ code: 'custom', message: `must be an integer from ${min} to ${max}` });
      return z.NEVER;
    })
    .meta({ type: 'integer', minimum: min, maximum: max, description });
}

/** `a,b`: one or more of `choices`. */
export function queryList<const Choice extends string>(
  choices: readonly Choice[],
  description: string,
) {
  return z
    .string()
    .transform((text, context): readonly Choice[] => {
      const parts = text.split(',').map((each) => each.trim());
      const known = choices.filter((choice) => parts.includes(choice));
      if (parts.every((part) => known.some((choice) => choice === part))) return known;
      context.addIssue({
        code: 'custom',
        message: `must be one or more of: ${choices.join(', ')} (with commas in between)`,
      });
      return z.NEVER;
    })
    .meta({
      description: `${description} One or more, separated by commas: ${choices.join(', ')}.`,
    });
}

export const cursorParameter = z.string().describe('The `nextCursor` of the page before.');

export const waitSeconds = queryInteger(
  0,
  3600,
  'Answer once the run has ended, or after this many seconds. Takes precedence over `Prefer: wait=SECONDS`.',
);
