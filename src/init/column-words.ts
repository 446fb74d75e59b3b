/** What names of columns tell of their use. They decide where cells alone cannot: a store's number is no amount. */

/** `orderId`, `order-id` and `Order ID` as `order_id`. */
function words(name: string): string {
  const parted = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  return parted.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_');
}

const identifiers =
  /(?:^|_)(?:id|ids|uuid|guid|hash|token|serial|number|no|nr|zip|zipcode|postcode|phone|email|isbn|ean|iban|ip)$/;
const dimensions =
  /(?:^|_)(?:store|shop|site|branch|zone|area|region|country|city|state|hour|minute|dow|weekday|day|month|quarter|week|year|type|kind|class|category|status|code|level|grade|channel|device|sensor|station|line|lane|version|group|segment|tier|gate|terminal|till|register|vendor|warehouse|aisle|department|floor|room|port|priority|stars|rating|method)$/;
const levels =
  /(?:^|_)(?:price|rate|ratio|percent|percentage|pct|share|lat|latitude|lon|lng|longitude|temp|temperature|celsius|fahrenheit|kelvin|humidity|pressure|speed|age|score|avg|average|mean|min|max|median|balance|index|voltage|ph|altitude|elevation)(?:_|$)/;
const prices = /^(?:total|sum)_|_(?:total|sum)$/;

export function looksLikeIdentifier(name: string): boolean {
  return identifiers.test(words(name));
}

export function looksLikeDimension(name: string): boolean {
  return dimensions.test(words(name));
}

/** Of what a sum says nothing: a temperature, a rate, a price of one piece. */
export function looksLikeLevel(name: string): boolean {
  const own = words(name);
  return levels.test(own) && !prices.test(own);
}

export function looksLikeHour(name: string): boolean {
  return /(?:^|_)(?:hour|hr)(?:_|$)/.test(words(name));
}

export function looksLikeDay(name: string): boolean {
  return /(?:^|_)(?:dow|day|date|dt|ds|weekday)(?:_|$)/.test(words(name));
}
