package dev.understudy.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.testing.AccountedChannel;
import dev.understudy.proxy.testing.Pieces;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class ServerStartupFuzzTest {
  private static final StartupMessage STARTUP = new StartupMessage(3, 0, Map.of("user", "app"));
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(ServerStartup.class);

  @BeforeAll
  static void silence() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void restore() {
    LOGGER.setLevel(null);
  }

  static Stream<byte[]> seeds() {
    String authenticationOk = "R\0\0\0\10\0\0\0\0";
    String ready = "Z\0\0\0\5I";
    return Stream.of(
            authenticationOk + "S\0\0\0\10a\0b\0K\0\0\0\14\0\0\0\1abcd" + ready,
            authenticationOk + ready + "D\0\0\0\4",
            authenticationOk + "v\0\0\0\14\0\3\0\0\0\0\0\0N\0\0\0\10Mx\0\0" + ready,
            "E\0\0\0\14SFATAL\0\0",
            "E\0\0\0\14C57P03\0\0",
            "Esorry, too many clients already\n\0",
            "R\0\0\0\27\0\0\0\nSCRAM-SHA-256\0\0",
            ready)
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void decode(byte[] bytes) {
    assertThat(outcome(Pieces.two(bytes))).isEqualTo(outcome(List.of(bytes)));
  }

  /** What the client is sent, what its session is told, and what goes to the relay. */
  private static List<String> outcome(List<byte[]> pieces) {
    AccountedChannel client = new AccountedChannel();
    AccountedChannel server = new AccountedChannel();
    CancelRegistry.Registration key = new CancelRegistry().register(() -> {}, 4);
    RecordingListener listener = new RecordingListener();
    server.with(new ServerStartup(STARTUP, Path.of("socket"), key, client, listener));
    for (byte[] piece : pieces) {
      if (server.isOpen()) {
        server.receive(piece);
      }
    }
    server.closeAndAssertReleased();
    assertThat(listener.heard).hasSize(1);
    String sent = HexFormat.of().formatHex(client.written());
    String relayed = HexFormat.of().formatHex(listener.relayed.toByteArray());
    client.closeAndAssertReleased();
    return List.of(sent, listener.heard.getFirst(), relayed);
  }

  private static final class RecordingListener implements ServerStartup.Listener {
    private final List<String> heard = new ArrayList<>();
    private final ByteArrayOutputStream relayed = new ByteArrayOutputStream();

    @Override
    public void ready(ChannelHandlerContext server, ByteBuf readyForQuery) {
      heard.add("ready " + readyForQuery.toString(StandardCharsets.ISO_8859_1));
      readyForQuery.release();
      server.pipeline().replace(server.handler(), null, new Relay());
    }

    @Override
    public void refused() {
      heard.add("refused");
    }

    @Override
    public void notYet() {
      heard.add("notYet");
    }

    @Override
    public void noProcess(String said) {
      heard.add("noProcess " + said);
    }

    @Override
    public void closed() {
      heard.add("closed");
    }

    @Override
    public void failed(String detail) {
      heard.add("failed " + detail);
    }

    private final class Relay extends ChannelInboundHandlerAdapter {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        while (bytes.isReadable()) {
          relayed.write(bytes.readByte());
        }
        bytes.release();
      }
    }
  }
}
