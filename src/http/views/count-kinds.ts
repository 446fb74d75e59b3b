/** How many of `found` there are of each kind, as the schema `countsOf` has it. */
export function countKinds<Kind extends string>(
  kinds: readonly Kind[],
  found: readonly Kind[],
): Record<Kind, number> {
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
  for (const kind of found) counts[kind] += 1;
  return counts;
}
