package dev.understudy.cloner.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.understudy.config.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written where, in plain directories; that the kernel obeys is shown elsewhere. */
class KernelGroupsTest {
  private static final Resources ALL = new Resources(1L << 30, 200, 64, null, null);

  @TempDir Path root;

  private void offer(Path group, String... files) throws Exception {
    Files.createDirectories(group);
    for (String file : files) {
      Files.createFile(group.resolve(file));
    }
  }

  private String read(String file) throws Exception {
    return Files.readString(root.resolve(file));
  }

  @Test
  void writesTheFilesOfTheUnifiedTree() throws Exception {
    offer(root.resolve("c"), "memory.max", "memory.swap.max", "cpu.weight", "pids.max");
    KernelGroups groups = new KernelGroups(new Layout.Unified(root));

    groups.place("c", ALL, 42);

    assertThat(read("c/memory.max")).isEqualTo("1073741824");
    assertThat(read("c/memory.swap.max")).isEqualTo("0");
    assertThat(read("c/cpu.weight")).isEqualTo("200");
    assertThat(read("c/pids.max")).isEqualTo("64");
    assertThat(read("c/cgroup.procs")).isEqualTo("42");

    groups.change("c", Resources.UNLIMITED);

    assertThat(read("c/memory.max")).isEqualTo("max");
    assertThat(read("c/memory.swap.max")).isEqualTo("max");
    assertThat(read("c/cpu.weight")).isEqualTo("100");
    assertThat(read("c/pids.max")).isEqualTo("max");
  }

  @Test
  void writesTheFilesOfSeparateTrees() throws Exception {
    offer(root.resolve("m/c"), "memory.limit_in_bytes", "memory.memsw.limit_in_bytes");
    offer(root.resolve("u/c"), "cpu.shares");
    offer(root.resolve("p/c"), "pids.max");
    KernelGroups groups =
        new KernelGroups(
            new Layout.Separate(root.resolve("m"), root.resolve("u"), root.resolve("p")));

    groups.place("c", ALL, 42);

    assertThat(read("m/c/memory.limit_in_bytes")).isEqualTo("1073741824");
    assertThat(read("m/c/memory.memsw.limit_in_bytes")).isEqualTo("1073741824");
    assertThat(read("u/c/cpu.shares")).isEqualTo("2048");
    assertThat(read("p/c/pids.max")).isEqualTo("64");
    for (String tree : List.of("m", "u", "p")) {
      assertThat(read(tree + "/c/cgroup.procs")).isEqualTo("42");
    }
  }

  @Test
  void whatTheKernelDoesNotLimitIsNoSilence() throws Exception {
    offer(root.resolve("c"), "memory.max");
    KernelGroups groups = new KernelGroups(new Layout.Unified(root));

    assertThatIOException().isThrownBy(() -> groups.place("c", ALL, 42));
    assertThat(root.resolve("c/cgroup.procs")).doesNotExist();
  }

  @Test
  void countsWhoWasKilledForMemory() throws Exception {
    KernelGroups groups = new KernelGroups(new Layout.Unified(root));
    assertThat(groups.memoryKills("c")).isZero();

    offer(root.resolve("c"));
    Files.writeString(root.resolve("c/memory.events"), "low 0\noom 3\noom_kill 2\n");

    assertThat(groups.memoryKills("c")).isEqualTo(2);
  }

  @Test
  void readsHowLongProcessorsHaveWorkedForAGroup() throws Exception {
    Path cpu = root.resolve("u");
    KernelGroups unified = new KernelGroups(new Layout.Unified(root));
    KernelGroups separate = new KernelGroups(new Layout.Separate(root, cpu, root));
    assertThat(unified.processorTime("c")).isEmpty();
    assertThat(separate.processorTime("c")).isEmpty();

    offer(root.resolve("c"));
    offer(cpu.resolve("c"));
    assertThat(separate.processorTime("c")).as("the kernel does not count").isEmpty();
    Files.writeString(root.resolve("c/cpu.stat"), "usage_usec 1500000\nuser_usec 1000000\n");
    Files.writeString(cpu.resolve("c/cpuacct.usage"), "2500000000\n");

    GroupTime first = unified.processorTime("c").orElseThrow();
    assertThat(first.time()).isEqualTo(Duration.ofMillis(1500));
    assertThat(separate.processorTime("c").orElseThrow().time()).isEqualTo(Duration.ofMillis(2500));
    assertThat(first.inode()).isNotEqualTo(separate.processorTime("c").orElseThrow().inode());
  }

  @Test
  void leavesGroupsWithProcesses() throws Exception {
    Files.createDirectories(root.resolve("busy"));
    Files.writeString(root.resolve("busy/cgroup.procs"), "42\n");

    new KernelGroups(new Layout.Unified(root)).sweep(Set.of());

    assertThat(root.resolve("busy")).exists();
  }
}
