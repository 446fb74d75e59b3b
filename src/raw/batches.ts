/** How many places are read concurrently: enough to keep the disk busy, few enough to bound open folders. */
const batchSize = 32;

export async function inBatches<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += batchSize) {
    const batch = items.slice(start, start + batchSize);
    results.push(...(await Promise.all(batch.map(work))));
  }
  return results;
}
