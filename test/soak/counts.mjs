/** What suites print of how much they did: added up by what they call it. */

/**
 * Lines such as `Crash points tried: 1279.`, `soak: histories=150` or `2 processes: killed 7, frozen 9; 812
 * reads saw 90 versions.`
 */
export function countsIn(printed) {
  const counts = {};
  for (const line of printed.split('\n')) addTo(counts, countsOf(line.trim()));
  return counts;
}

function countsOf(line) {
  const told = /^soak: (.+)$/.exec(line)?.[1];
  if (told !== undefined) return fromPairs(told.matchAll(/([A-Za-z]+)=([0-9]+)/g));
  const tried = /^([A-Z][A-Za-z ]+): ([0-9]+)\.$/.exec(line);
  if (tried !== null) return fromPairs([tried]);
  const processes = /^[0-9]+ processes: (.*); ([0-9]+) reads saw [0-9]+ versions\.$/.exec(line);
  if (processes !== null) {
    const [, events = '', reads] = processes;
    const pairs = [...events.matchAll(/([^,]+?) ([0-9]+)(?:, |$)/g)].map(([all, what, count]) => [
      all,
      `processes ${what}`,
      count,
    ]);
    return { ...fromPairs(pairs), 'reads of a whole output': Number(reads) };
  }
  const requests = /^([0-9]+) requests\b/.exec(line)?.[1];
  return requests === undefined ? {} : { requests: Number(requests) };
}

function fromPairs(matches) {
  return Object.fromEntries([...matches].map(([, name, count]) => [name, Number(count)]));
}

export function addTo(totals, counts) {
  for (const [name, count] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + count;
}

/** `historiesInRedis` and `Crash points tried` as a reader would say it: `histories in Redis`, `crash points tried`. */
export function inWords(name) {
  const spaced = name.replace(/([a-z])([A-Z])/g, '$1 $2');
  return spaced
    .split(' ')
    .map((word) => (word === 'Redis' ? word : word.toLowerCase()))
    .join(' ');
}
