package dev.understudy.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of the host, as ourselves or, where we are root, as somebody else. */
final class Command {
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private Command() {}

  /** The command for another user; the same one where we are not root. */
  static List<String> as(int uid, List<String> command) {
    if (!ROOT) {
      return command;
    }
    List<String> all = new ArrayList<>();
    all.add("setpriv");
    all.add("--reuid=" + uid);
    all.add("--regid=" + uid);
    all.add("--clear-groups");
    all.addAll(command);
    return all;
  }

  /** Waits for its end. */
  static void run(List<String> command) throws IOException, InterruptedException {
    Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
    run.getOutputStream().close();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (run.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed:\n" + output);
    }
  }

  /** Gives a directory and all in it to a user, where we are root. */
  static void own(Path directory, int uid) throws IOException {
    if (ROOT) {
      DirectoryTree.give(directory, uid);
    }
  }
}
