package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.snapshot.SnapshotException;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** A standby that cannot follow any more is replaced by another one, and serves until then. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(300)
final class StandbyLostIT {
  /** In kB/s: so slow that something can be seen while the base backup goes on. */
  private static final int SLOWLY = 16 * 1024;

  private StandbyStage stage;
  private StandbySource source;

  @BeforeAll
  void open() throws Exception {
    stage = StandbyStage.open(ARCHIVING);
    stage.production().execute("CREATE TABLE seen (i int)");
    source = begin(null);
    stage.cut(source);
  }

  private StandbySource begin(@Nullable String restoreCommand) throws Exception {
    StandbySource begun =
        stage.source(
            new SourceType.Standby(
                stage.production().url(),
                SLOWLY,
                restoreCommand,
                null,
                SourceType.Collations.REFUSE));
    begun.begin();
    return begun;
  }

  @AfterAll
  void close() throws Exception {
    source.shutdown();
    stage.close();
  }

  /** Where there is an archive. */
  private static final Map<String, String> ARCHIVING =
      Map.of(
          "archive_mode", "on", "archive_command", "test ! -d ../archive || cp %p ../archive/%f");

  /** With nothing but the network and the programs of the host. */
  private static final String FETCH =
      """
      perl -MIO::Socket::INET -e 'my ($f, $p) = @ARGV; $/ = undef;
        my $s = IO::Socket::INET->new("127.0.0.1:PORT") or exit 1;
        print $s "GET /$f HTTP/1.0\\r\\n\\r\\n";
        my ($head, $body) = split(/\\r\\n\\r\\n/, <$s>, 2);
        $head =~ m{^HTTP/1.. 200} or exit 1;
        open(my $o, ">", $p) or exit 1;
        print $o $body and close($o) or exit 1' %f %p\
      """;

  @Test
  @Order(1)
  void restoreCommandFetchesWhatProductionHoldsNoMore() throws Exception {
    Path archive = stage.production().directoryBeside("archive");
    source.shutdown();
    String before = generation();
    stage.production().execute("INSERT INTO seen VALUES (1)");
    stage.production().turnWal();
    HttpServer files =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), archive, OutputLevel.NONE);
    files.start();
    try {
      source = begin(FETCH.replace("PORT", Integer.toString(files.getAddress().getPort())));

      StandbyStage.await("followed", () -> StandbyInspection.seen(stage, 1));
      StandbyStage.await("connected", () -> StandbyInspection.isConnected(source));
      assertThat(generation()).isEqualTo(before);
      assertThat(generations()).containsExactly(before);
      restoreCommandIsInOneFileAndInNoCommandLineOfAServer();
    } finally {
      files.stop(0);
    }
  }

  private void restoreCommandIsInOneFileAndInNoCommandLineOfAServer() throws Exception {
    assertThat(ProcessHandle.allProcesses())
        .extracting(process -> process.info().commandLine().orElse(""))
        .anyMatch(line ->
            line.contains(stage.replicas().toString()) && line.contains("primary_conninfo="))
        .noneMatch(line -> line.contains("restore_command=perl"));
    Path file = stage.replicas().resolve("prod").resolve(generation()).resolve("data");
    assertThat(StandbyInspection.holds(file.resolve("postgresql.auto.conf"), "IO::Socket"))
        .isTrue();
    assertThat(Files.getPosixFilePermissions(file.resolve("postgresql.auto.conf")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    Snapshot snapshot = stage.cut(source);
    assertThat(
            StandbyInspection.holds(snapshot.data().resolve("postgresql.auto.conf"), "IO::Socket"))
        .isFalse();
  }

  @Test
  @Order(2)
  void standbyThatWasAwayForTooLongIsBuiltAnewBesideTheOldOne() throws Exception {
    source.shutdown();
    stage.production().execute("INSERT INTO seen VALUES (2)");
    stage.production().turnWal();
    String old = generation();

    source = begin(null);
    StandbyStage.await("another one is built", () -> generations().size() == 2);
    Snapshot meanwhile = stage.cut(source);

    assertThat(stage.ask(meanwhile, "postgres", "SELECT max(i) FROM seen")).isEqualTo(1);

    StandbyStage.await("replaced", () -> !generation().equals(old));
    StandbyStage.await("connected", () -> StandbyInspection.isConnected(source));
    Snapshot after = stage.cut(source);

    assertThat(stage.ask(after, "postgres", "SELECT max(i) FROM seen")).isEqualTo(2);
    assertThat(generations()).containsExactly(generation());
    assertThat(sockets()).containsExactly(generation());
  }

  @Test
  @Order(3)
  void newTablespaceMakesAnotherStandby() throws Exception {
    String old = generation();
    Path directory = stage.production().directoryBeside("ts2");

    stage
        .production()
        .execute(
            "CREATE TABLESPACE later LOCATION '" + directory + "'",
            "CREATE TABLE elsewhere TABLESPACE later AS SELECT i FROM generate_series(1, 77) i");

    StandbyStage.await("replaced", () -> !generation().equals(old));
    Snapshot snapshot = stage.cut(source);
    assertThat(stage.ask(snapshot, "postgres", "SELECT count(*) FROM elsewhere")).isEqualTo(77);
    assertThat(Files.isDirectory(directory)).isTrue();
  }

  @Test
  @Order(4)
  void anotherClusterAtTheUrlIsToldAndNotFollowed() throws Exception {
    String before = generation();
    stage.production().replace();

    SnapshotException failure =
        catchThrowableOfType(SnapshotException.class, () -> stage.cut(source));

    assertThat(failure).hasMessageContaining("another cluster answers at 127.0.0.1:");
    assertThat(failure.hint()).contains("remove " + stage.replicas().resolve("prod"));
    assertThat(failure.getCause())
        .isInstanceOfSatisfying(
            SourceException.class,
            e -> assertThat(e.kind()).isEqualTo(SourceException.Kind.OTHER_SERVER));
    assertThat(generation()).isEqualTo(before);
    assertThat(stage.store().newest("prod")).isPresent();
  }

  private String generation() {
    try {
      return StandbyInspection.record(stage).generation();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> generations() {
    try {
      return ReplicaPlace.of(stage.workbench().directory(), "prod").generations();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> sockets() throws IOException {
    try (var all = Files.list(stage.workbench().directory().resolve(ReplicaPlace.SOCKETS))) {
      return all.map(path -> String.valueOf(path.getFileName())).toList();
    }
  }
}
