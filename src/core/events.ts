/** What happened on the way (a recovery, a copy that was kept), until a run has told it. */
import type { Notice } from '../model/notice.js';

/** The newest; older ones are in the log. */
const mostKept = 50;

export interface Events {
  note(happened: readonly string[]): void;
  /** As of now; a run that is no dry run takes them along. */
  told(by: { readonly dryRun: boolean }): readonly string[];
  notices(): Notice[];
}

export function createEvents(): Events {
  let untold: readonly string[] = [];
  return {
    note: (happened) => {
      if (happened.length > 0) untold = [...new Set([...untold, ...happened])].slice(-mostKept);
    },
    told: ({ dryRun }) => {
      const told = untold;
      if (!dryRun) untold = [];
      return told;
    },
    notices: () => untold.map((message) => ({ code: 'recovered', message })),
  };
}
