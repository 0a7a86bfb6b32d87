package dev.understudy.cloner.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program of the host that is asked something and answers at once. */
public final class ShortCommand {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /**
   * How it ended.
   *
   * @param output what it printed, stdout and stderr in one
   */
  public record Result(int status, String output) {
    public boolean succeeded() {
      return status == 0;
    }
  }

  private ShortCommand() {}

  /**
   * Runs it with nothing on stdin; kills it after half a minute.
   *
   * @throws IOException where there is no such program or it does not end
   */
  public static Result run(List<String> command) throws IOException, InterruptedException {
    return run(command, TIMEOUT);
  }

  /** As {@link #run(List)}, with another patience. */
  public static Result run(List<String> command, Duration timeout)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(Path.of("/").toFile()).redirectErrorStream(true);
    // What it says is read by programs.
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      CompletableFuture<String> output = new CompletableFuture<>();
      Thread.startVirtualThread(() -> {
        try {
          output.complete(new String(process.getInputStream().readAllBytes(), UTF_8));
        } catch (IOException e) {
          output.completeExceptionally(e);
        }
      });
      String text = output.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Result(process.waitFor(), text);
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException(command.getFirst() + " does not answer", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
