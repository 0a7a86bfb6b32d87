package dev.understudy.cloner.clone;

/** The points of making and removing clones and environments at which the daemon may die. */
public enum Step {
  CLONE_RECORDED,
  /** The processes of the one that is branched stand still. */
  PARENT_FROZEN,
  TREE_COPIED,
  CLONE_CONFIGURED,
  CLONE_SYNCED,
  SERVER_RECORDED,
  SERVER_STARTED,
  ENVIRONMENT_RECORDED,
  ENVIRONMENT_FORGOTTEN,
  CLONE_TRASHED,
  CLONE_REMOVING,
  SERVER_ENDED,
  TREE_DELETED,
  CLONE_FORGOTTEN
}
