/** Values of cells. All return null for what breaks the rule. */
import type { EngineJob } from '../../core/ports/engine.js';

/** Whether `text` is the day of the job. A whole number may have gone through a float: `3.0` is day 3. */
export function isDay(text: string, { day, layout }: Pick<EngineJob, 'day' | 'layout'>): boolean {
  if (text === day) return true;
  return layout.name === 'index' && text.replace(/\.0+$/, '') === day;
}

/** 0 to 23; `08` and `8.0` are 8. */
export function parseHour(text: string): number | null {
  if (!/^[0-9]{1,2}(?:\.0+)?$/.test(text)) return null;
  const hour = Number(text);
  return hour <= 23 ? hour : null;
}

/** Empty is 0, `3.0` is 3. The result may exceed what a number holds exactly: the caller must look. */
export function parseCount(text: string): number | null {
  if (text === '') return 0;
  return /^[0-9]+(?:\.0+)?$/.test(text) ? Number(text) : null;
}
