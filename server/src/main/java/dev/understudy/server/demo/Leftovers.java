package dev.understudy.server.demo;

import dev.understudy.cloner.host.LoopDevices;
import dev.understudy.cloner.host.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a demo that has ended should not have left behind. */
final class Leftovers {
  private Leftovers() {}

  /** For people: one line each; empty is good. */
  static List<String> of(Path directory) throws IOException {
    List<String> found = new ArrayList<>();
    for (Mount mount : Mount.of("self")) {
      if (mount.point().startsWith(directory)) {
        found.add("mount " + mount.point());
      }
    }
    LoopDevices.below(directory).forEach(device -> found.add("loop device " + device));
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      found.add("directory " + directory);
    }
    Stream<ProcessHandle> ours = ProcessHandle.current().descendants();
    Stream<ProcessHandle> mentioning =
        ProcessHandle.allProcesses()
            .filter(process -> process.pid() != ProcessHandle.current().pid())
            .filter(process -> commandLine(process).contains(directory.toString()));
    Stream.concat(ours, mentioning)
        .distinct()
        .filter(ProcessHandle::isAlive)
        .forEach(process -> found.add("process " + process.pid() + ": " + commandLine(process)));
    return found;
  }

  private static String commandLine(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }
}
