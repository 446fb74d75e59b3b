/** Events outside runs (a recovery, a copy that was kept), until a run has reported them. */
import type { Notice } from '../model/notice.js';

/** The newest; older ones are in the log. */
const mostKept = 50;

export interface Events {
  note(happened: readonly string[]): void;
  /** The current events; a run that is not a dry run reports and removes them. */
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
