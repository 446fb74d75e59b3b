/** Something that people should know although nothing failed. */

export const noticeCodes = [
  'ledger-unreadable',
  'other-settings',
  'other-definition',
  'definition-changed',
  'checkpoint-contested',
  'checkpoint-refused',
  'recovered',
  'no-days',
  'not-days',
  'raw-emptied',
  'unread-files',
  'foreign-days',
  'outdated-archived',
  'damaged-archived',
] as const;

export type NoticeCode = (typeof noticeCodes)[number];

export interface Notice {
  readonly code: NoticeCode;
  /** What happened, where, and what to do: one or two sentences. */
  readonly message: string;
}

/** Those that make the health of the service `degraded`; the others are about data, not about the service. */
export const degradingCodes: ReadonlySet<NoticeCode> = new Set([
  'ledger-unreadable',
  'other-settings',
  'other-definition',
  'checkpoint-contested',
  'recovered',
]);

/** If no day was found, "nothing to do" would be misleading. */
export function foundNoDay(notices: readonly Pick<Notice, 'code'>[]): boolean {
  return notices.some(({ code }) => code === 'no-days');
}
