/** A service over a folder, with a definition that can be another one at the next start. */
import { join } from 'node:path';
import type { DatasetConfig } from '../../src/config/dataset-config.js';
import { declaredIn } from '../support/declared.js';
import { startTestService, type TestService, type TestServiceOptions } from '../support/service.js';

/** The seed's own, but for what is said; each makes rows of the files that `land` writes. */
export const definitions = {
  seed: `
    wide: { by: { hour_of_day: order_hour_of_day }, ignore: [order_id] }`,
  otherIgnored: `
    wide: { by: { hour_of_day: order_hour_of_day }, ignore: [order_id, tea] }`,
  value: `
    wide: { by: { hour_of_day: order_hour_of_day }, ignore: [order_id], value: pieces }`,
  category: `
    wide: { by: { hour_of_day: order_hour_of_day }, ignore: [order_id], category: product }`,
  key: `
    wide: { by: { hour: order_hour_of_day }, ignore: [order_id] }`,
  dayName: `
    day_name: weekday
    wide: { by: { hour_of_day: order_hour_of_day }, ignore: [order_id] }`,
  range: `
    wide: { by: { hour_of_day: { column: order_hour_of_day, from: 0, to: 11 } }, ignore: [order_id] }`,
  columns: `
    columns: { order_id: integer, order_hour_of_day: integer, milk: integer }
    by: ["hour: order_hour_of_day"]
    measures: { orders: count(), milk: sum(milk) }`,
  measure: `
    columns: { order_id: integer, order_hour_of_day: integer, milk: integer }
    by: ["hour: order_hour_of_day"]
    measures: { orders: count(), milk: sum(milk), most: max(milk) }`,
  type: `
    columns: { order_id: integer, order_hour_of_day: integer, milk: "decimal(12,2)" }
    by: ["hour: order_hour_of_day"]
    measures: { orders: count(), milk: sum(milk) }`,
} as const;

export type DefinitionName = keyof typeof definitions;

/** As the file of datasets says it, of the one dataset `orders`. */
export function defined(root: string, name: DefinitionName) {
  const text = `
datasets:
  orders:
    raw: raw/{day}/*.csv
    day: index${definitions[name]}
    output: processed/orders.csv
`;
  const path = join(root, 'daymark.yaml');
  const [orders] = declaredIn(path, text);
  if (orders === undefined) throw new Error('there is no dataset');
  return orders;
}

export function startDefined(
  root: string,
  name: DefinitionName,
  { adopt, ...options }: TestServiceOptions & Partial<Pick<DatasetConfig, 'adopt'>> = {},
): Promise<TestService> {
  const dataset = defined(root, name);
  const datasets = [adopt === undefined ? dataset : { ...dataset, adopt }] as const;
  return startTestService({ ...options, root, datasets });
}
