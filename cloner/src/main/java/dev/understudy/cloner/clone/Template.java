package dev.understudy.cloner.clone;

import java.io.IOException;
import java.nio.file.Path;

/** What a clone is made of. */
interface Template {
  Origin origin();

  /** Bytes that a copy writes where blocks are not shared. May block. */
  long sizeBytes() throws IOException;

  /** Makes {@code target} the clone's tree. Blocks. */
  void copyTo(Path target) throws IOException, InterruptedException;
}
