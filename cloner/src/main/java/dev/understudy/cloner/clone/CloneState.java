package dev.understudy.cloner.clone;

/** Where a clone stands, as recorded on disk before the step that makes it true or undoes it. */
public enum CloneState {
  /**
   * Being copied and started; nobody has used it. Found at a start of the daemon, it is removed.
   */
  CREATING,
  /**
   * A server may run on its data: recorded before the server can. One that ended by itself is
   * started again at the next use.
   */
  RUNNING,
  /** Its server was stopped cleanly; started at the next use. */
  SUSPENDED,
  /** Its server did not come up again. The tree is kept, the next use tries once more. */
  FAILED,
  /** No environment points at it any more, but one may again. No server runs. */
  TRASHED,
  /** Being removed; never used again. */
  REMOVING
}
