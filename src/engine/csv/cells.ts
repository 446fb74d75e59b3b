/** Values of cells. All return null for what breaks the rule. */

/** 0 to 23; `08` is 8. */
export function parseHour(text: string): number | null {
  if (!/^[0-9]{1,2}$/.test(text)) return null;
  const hour = Number(text);
  return hour <= 23 ? hour : null;
}

/** Empty is 0, `3.0` is 3. The result may exceed what a number holds exactly: the caller must look. */
export function parseCount(text: string): number | null {
  if (text === '') return 0;
  return /^[0-9]+(?:\.0+)?$/.test(text) ? Number(text) : null;
}
