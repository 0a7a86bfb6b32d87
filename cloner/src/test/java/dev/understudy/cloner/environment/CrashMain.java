package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A daemon that dies at a step as if by SIGKILL. Arguments: data directory, what to do ({@code
 * make}, {@code drop}, {@code reset}, {@code branch} or {@code churn}), the step, and for how long
 * things stay in the trash, if they do.
 */
final class CrashMain {
  static final int DEAD = 137;

  private CrashMain() {}

  public static void main(String[] arguments) throws Exception {
    Step fatal = arguments.length > 2 ? Step.valueOf(arguments[2]) : null;
    Stage daemon =
        Stage.openWithTrash(
            Path.of(arguments[0]),
            arguments.length > 3 ? Duration.parse(arguments[3]) : Duration.ZERO,
            step -> {
              if (step == fatal) {
                Runtime.getRuntime().halt(DEAD);
              }
            });
    System.out.println("open");
    switch (arguments[1]) {
      case "make" -> daemon.session("staging");
      case "drop" -> daemon.environments.drop("staging").get();
      case "reset" -> daemon.environments.reset("staging", true).get();
      case "branch" -> {
        daemon.session("pr-kept");
        daemon.environments.create("pr-branch", new CreateFrom.Environment("pr-kept"), null).get();
      }
      case "churn" -> {
        while (true) {
          daemon.session("staging");
          daemon.session("pr-churn");
          daemon.environments.drop("staging").get();
          daemon.environments.drop("pr-churn").get();
        }
      }
      default -> throw new IllegalArgumentException(arguments[1]);
    }
    daemon.clones.awaitRemovals(Stage.PATIENCE);
    // Not reached if the step was.
    Runtime.getRuntime().halt(0);
  }

  /** Runs it in a process of its own; its exit status. */
  static int run(Path directory, String... arguments) throws Exception {
    Process child = start(directory, arguments);
    child.getInputStream().transferTo(System.out);
    assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return child.exitValue();
  }

  /** Starts it in a process of its own. */
  static Process start(Path directory, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(CrashMain.class.getName());
    command.add(directory.toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
