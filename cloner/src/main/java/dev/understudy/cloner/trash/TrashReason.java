package dev.understudy.cloner.trash;

/** Why a clone is in the trash. */
public enum TrashReason {
  /** Somebody dropped the environment. */
  DROPPED,
  /** Nobody used the environment for its policy's time. */
  IDLE,
  /** The environment's time was over. */
  EXPIRED,
  /** There was no room for it. */
  EVICTED,
  /** The environment has a clone of a newer snapshot. */
  REFRESHED,
  /** The environment began anew. */
  RESET;

  /** It can be done later as well. */
  boolean canWait() {
    return switch (this) {
      case IDLE, EXPIRED, REFRESHED -> true;
      case DROPPED, EVICTED, RESET -> false;
    };
  }
}
