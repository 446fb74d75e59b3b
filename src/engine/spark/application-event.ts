/** What the job tells while it works. */
export interface ApplicationEvent {
  readonly application?: string;
  /** Of the driver's own web interface. */
  readonly ui?: string | null;
  /** Ids of files that are done. */
  readonly files?: readonly number[];
}
