package dev.understudy.cloner.pool.image;

import java.io.IOException;

/** The points of making a pool at which the process may die. */
enum CreationStep {
  RECORDED,
  FILE_MADE,
  FILE_SYSTEM_MADE,
  DIRECTORY_MADE,
  MOUNTED,
  FINISHED;

  /** Told of each step just after it was done. */
  @FunctionalInterface
  interface Listener {
    Listener NONE = _ -> {};

    void reached(CreationStep step) throws IOException;
  }
}
