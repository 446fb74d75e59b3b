/** Notices on the page: which become its headline, and how they affect its mood. */
import type { Notice } from '../../client/types.js';
import { countOf } from '../../client/words.js';

export interface Lead {
  readonly mood: 'pending' | 'bad';
  readonly headline: string;
}

/** Nothing is wrong with the output: they do not lead. `not-days` stands in the headline beside what does. */
const quiet: ReadonlySet<string> = new Set([
  'not-days',
  'unread-files',
  'foreign-days',
  'outdated-archived',
  'damaged-archived',
]);

const leads: Readonly<Record<string, Lead>> = {
  'ledger-unreadable': { mood: 'bad', headline: 'The ledger cannot be read' },
  'other-settings': { mood: 'bad', headline: 'The output was made with other settings' },
  'other-definition': { mood: 'bad', headline: 'Another service has changed the output’s columns' },
  'definition-changed': { mood: 'pending', headline: 'The output’s columns are to change' },
  'raw-emptied': { mood: 'pending', headline: 'Raw folders of processed days are gone' },
  'checkpoint-contested': { mood: 'pending', headline: 'Someone else moves the checkpoint' },
  'checkpoint-refused': { mood: 'pending', headline: 'The checkpoint cannot be written' },
  recovered: { mood: 'pending', headline: 'Daymark repaired something' },
};

/** An unknown notice of a newer service counts as serious. */
const unknown: Lead = { mood: 'pending', headline: 'Something needs a look' };

/** The most serious notice, the first among equals; null if none needs a headline. */
export function leadOf(
  notices: readonly Pick<Notice, 'code'>[],
  entriesNoDay: number,
): Lead | null {
  const found = notices.flatMap(({ code }) => (quiet.has(code) ? [] : [lead(code, entriesNoDay)]));
  return found.find(({ mood }) => mood === 'bad') ?? found[0] ?? null;
}

/** Folders and files under the raw root that match nothing: they may be days that are missed. */
export function holdsNoDays(notices: readonly Pick<Notice, 'code'>[]): boolean {
  return notices.some(({ code }) => code === 'not-days');
}

function lead(code: string, entriesNoDay: number): Lead {
  if (code !== 'no-days') return leads[code] ?? unknown;
  if (entriesNoDay === 0) return { mood: 'bad', headline: 'No day was found' };
  const are = entriesNoDay === 1 ? 'is not a day' : 'are not days';
  const entries = countOf(entriesNoDay, 'entry', 'entries');
  return { mood: 'bad', headline: `No day was found: ${entries} of the raw root ${are}` };
}
