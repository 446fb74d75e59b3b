/** The setting for raw columns that are not categories: a list that replaces the default, or adds to it. */
import { list } from './setting.js';

export const defaultIgnoredColumns = [
  'order_id',
  'user_id',
  'eval_set',
  'order_number',
  'order_dow',
  'order_date',
  'order_hour_of_day',
  'days_since_prior_order',
] as const;

const added = /^\+\s*/;

export const ignoredColumns = list
  .refine((names) => !names.includes('+'), 'has a + without a name after it')
  .refine(
    areAllAddedOrNone,
    'has names with a +, which are added to the default, and names without, which replace it; put a + before all of them or none of them',
  )
  .transform(ignoredColumnsOf);

function areAllAddedOrNone(names: readonly string[]): boolean {
  const adding = names.filter((name) => added.test(name)).length;
  return adding === 0 || adding === names.length;
}

function ignoredColumnsOf(names: readonly string[]): readonly string[] {
  if (!names.some((name) => added.test(name))) return names;
  return [...new Set([...defaultIgnoredColumns, ...names.map((name) => name.replace(added, ''))])];
}
