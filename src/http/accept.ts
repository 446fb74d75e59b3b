/** Content negotiation (RFC 9110, section 12.5.1), as far as it is needed here. */

interface Range {
  readonly type: string;
  readonly quality: number;
}

/**
 * The offer that the client prefers, or null if it accepts none. Among equals, a named type wins over one covered only
 * by a wildcard, then the first. No header accepts everything.
 */
export function preferredType<Offer extends string>(
  accept: string | undefined,
  offers: readonly Offer[],
): Offer | null {
  const ranges = (accept ?? '*/*').split(',').map(parseRange);
  const rated = offers
    .map((offer) => ({ offer, ...rate(offer, ranges) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || b.precision - a.precision);
  return rated[0]?.offer ?? null;
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** The most precise range decides, so a type with `q=0` is refused even if a wildcard would allow it. */
function rate(offer: string, ranges: readonly Range[]) {
  const family = `${offer.split('/', 1)[0]}/*`;
  for (const [wildness, wanted] of [offer, family, '*/*'].entries()) {
    const range = ranges.find(({ type }) => type === wanted);
    if (range !== undefined) return { quality: range.quality, precision: -wildness };
  }
  return { quality: 0, precision: 0 };
}
