package dev.understudy.cloner.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** All processes of clones, as the host tells of them. */
public final class CloneProcesses {
  private static final int ID_LENGTH = 10;

  private final String clones;

  /**
   * @param clones directory of all clones
   */
  public CloneProcesses(Path clones) {
    this.clones = clones + "/";
  }

  /** All of one clone at once, as a crash of its server does. */
  public void kill(String id) throws InterruptedException {
    while (true) {
      List<Long> pids = of(id);
      if (pids.isEmpty()) {
        return;
      }
      for (long pid : pids) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
      Thread.sleep(5);
    }
  }

  /** Those whose command line tells of the clone, and all below them. */
  private List<Long> of(String id) {
    List<Long> found = new ArrayList<>();
    for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
      if (commandLine(process.pid()).contains(clones + id)) {
        process.descendants().forEach(child -> found.add(child.pid()));
        found.add(process.pid());
      }
    }
    return found;
  }

  /** Clones that have any. */
  public Set<String> ids() {
    Set<String> ids = new TreeSet<>();
    ProcessHandle.allProcesses()
        .map(process -> commandLine(process.pid()))
        .filter(command -> command.contains(clones))
        .forEach(command -> {
          String rest = command.substring(command.indexOf(clones) + clones.length());
          ids.add(rest.substring(0, Math.min(ID_LENGTH, rest.length())));
        });
    return ids;
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(
          Path.of("/proc", String.valueOf(pid), "cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has ended
    }
  }
}
