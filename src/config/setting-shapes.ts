/** What values of settings look like. All come as text. */
import { z } from 'zod';

export const trimmed = z
  .string()
  .refine((value) => value.trim() === value, 'has spaces around it, which is hardly meant');

export function text(fallback: string) {
  return trimmed.default(fallback);
}

export const optionalText = trimmed.nullable().default(null);

export function integer(min: number, max: number, fallback: number) {
  const message = `must be an integer from ${min} to ${max}`;
  return z
    .string()
    .regex(/^[0-9]{1,16}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
    .default(fallback);
}

export function flag(fallback: boolean) {
  return oneOf(['true', 'false'], `${fallback}`).transform((value) => value === 'true');
}

export function oneOf<const Choices extends readonly string[]>(
  choices: Choices,
  fallback: Choices[number],
) {
  return z.enum(choices, { error: `must be one of: ${choices.join(', ')}` }).default(fallback);
}

export function commaList(value: string): string[] {
  return value
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
