package dev.understudy.cloner.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PidFdTest {
  @Test
  void killsTheProcessAndTellsOfItsEnd() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    ProcessIdentity identity = ProcessStat.of(process.pid()).orElseThrow().identity();
    PidFd handle = PidFd.open(identity).orElseThrow();
    try (ExitWatch watch = new ExitWatch()) {
      CompletableFuture<Void> exit = watch.watch(handle);
      assertThat(handle.send(Signal.KILL)).isTrue();
      exit.get(10, TimeUnit.SECONDS);

      assertThat(process.waitFor()).isEqualTo(128 + 9);
      assertThat(handle.send(Signal.KILL)).isFalse();
      assertThat(PidFd.open(identity)).isEmpty();
    }
  }

  @Test
  void aReusedPidIsAnotherProcess() throws Exception {
    ProcessIdentity own = ProcessStat.of(ProcessHandle.current().pid()).orElseThrow().identity();

    assertThat(PidFd.open(new ProcessIdentity(own.bootId(), own.pid(), own.startTicks() + 1)))
        .isEmpty();
    assertThat(PidFd.open(new ProcessIdentity("another boot", own.pid(), own.startTicks())))
        .isEmpty();
  }

  @Test
  void aThreadThatHasGotThePidSinceIsAnotherProcess() throws Exception {
    CompletableFuture<Long> tid = new CompletableFuture<>();
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Path own = Files.readSymbolicLink(Path.of("/proc/thread-self"));
                tid.complete(Long.parseLong(String.valueOf(own.getFileName())));
              } catch (IOException e) {
                tid.completeExceptionally(e);
              }
              end.join();
            });
    try {
      ProcessIdentity led = ProcessStat.of(tid.get(10, TimeUnit.SECONDS)).orElseThrow().identity();

      assertThat(PidFd.open(led)).isEmpty();
    } finally {
      end.complete(null);
      thread.join();
    }
  }

  @Test
  void watchesManyAtOnce() throws Exception {
    try (ExitWatch watch = new ExitWatch()) {
      CompletableFuture<?>[] exits = new CompletableFuture<?>[20];
      Process[] processes = new Process[exits.length];
      for (int i = 0; i < exits.length; i++) {
        processes[i] = new ProcessBuilder("cat").start();
        ProcessIdentity identity = ProcessStat.of(processes[i].pid()).orElseThrow().identity();
        exits[i] = watch.watch(PidFd.open(identity).orElseThrow());
      }
      for (Process process : processes) {
        process.getOutputStream().close();
      }
      CompletableFuture.allOf(exits).get(10, TimeUnit.SECONDS);
    }
  }
}
