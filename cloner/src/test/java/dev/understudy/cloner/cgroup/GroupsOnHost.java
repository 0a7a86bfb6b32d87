package dev.understudy.cloner.cgroup;

import dev.understudy.cloner.pool.LoopFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** What there is in the trees of the kernel, whoever made it. */
public final class GroupsOnHost {
  private GroupsOnHost() {}

  /** Ids of the clones of a data directory that have a group in some tree. */
  public static Set<String> of(Path dataDirectory) throws IOException {
    String found =
        LoopFileSystem.run(
            "find",
            "/sys/fs/cgroup",
            "-ignore_readdir_race",
            "-type",
            "d",
            "-path",
            "*/" + ControlGroupProbe.instance(dataDirectory) + "/*",
            "-printf",
            "%f\\n");
    return new TreeSet<>(found.lines().toList());
  }
}
