package dev.understudy.server.command;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.server.Logging;
import dev.understudy.server.Narrator;
import dev.understudy.server.demo.Demo;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code understudy demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a production of its own and Understudy in front of it.",
      "Says what to try. Ctrl-C ends all of it and removes it."
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--check",
      description = "walk the tour as a client would, say how long each step took, and end")
  private boolean check;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "6432",
      description = "to listen on; another where it is taken (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--data-directory",
      paramLabel = "DIR",
      defaultValue = "${sys:java.io.tmpdir}",
      description =
          "an existing directory for the demo's own, which is removed at the end (default:"
              + " ${DEFAULT-VALUE}); on btrfs or XFS clones cost next to nothing, elsewhere root"
              + " gets a sparse image")
  private Path parent = Path.of("");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Logging.warningsOnly();
    // The demo says itself how clones are made and held on this host.
    Logging.errorsOnly(Cloner.class.getPackageName() + ".Foundation");
    PrintWriter out = requireNonNull(spec, "spec is null").commandLine().getOut();
    return Termination.guard(() -> run(new Narrator(out)));
  }

  private int run(Narrator narrator) throws Exception {
    long start = System.nanoTime();
    try (Demo demo = Demo.start(narrator, parent, port, check)) {
      if (check) {
        demo.check();
        narrator.say("all of it works; " + (System.nanoTime() - start) / 1_000_000 + " ms");
        return ExitCode.OK;
      }
      demo.invite();
      try {
        new CountDownLatch(1).await();
      } finally {
        narrator.say("\nending ...");
      }
    }
    throw new AssertionError("the wait ends by an interrupt only");
  }
}
