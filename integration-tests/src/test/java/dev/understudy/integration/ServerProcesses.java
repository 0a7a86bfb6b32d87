package dev.understudy.integration;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** PostgreSQL's processes as the host sees them, sandboxed or not. */
final class ServerProcesses {
  private ServerProcesses() {}

  /** Whose command line names a path below the directory. */
  static List<ProcessHandle> below(Path directory) {
    return ProcessHandle.allProcesses()
        .filter(process -> line(process).contains(directory + "/"))
        .toList();
  }

  /** SIGKILL for the servers that run on data below the directory; false if none runs. */
  static boolean killPostmasters(Path directory) {
    List<ProcessHandle> postmasters =
        below(directory).stream()
            .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process)))
            .distinct()
            .filter(ServerProcesses::isPostgres)
            .filter(process -> process.parent().filter(ServerProcesses::isPostgres).isEmpty())
            .toList();
    postmasters.forEach(ProcessHandle::destroyForcibly);
    return !postmasters.isEmpty();
  }

  /** PostgreSQL's client programs that work below the directory, or on production. */
  static List<ProcessHandle> tools(Path directory, int production) {
    return ProcessHandle.allProcesses()
        .filter(process -> command(process).matches(".*/pg_(basebackup|dump|restore)"))
        .filter(process ->
            line(process).contains(directory.toString())
                || line(process).contains("port='" + production + "'"))
        .toList();
  }

  private static boolean isPostgres(ProcessHandle process) {
    return command(process).endsWith("/postgres");
  }

  private static String command(ProcessHandle process) {
    return process.info().command().orElse("");
  }

  private static String line(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }
}
