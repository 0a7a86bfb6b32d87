package dev.understudy.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.session.Probe.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeTest {
  private static final String BIND = message('B', "\0\0\0\0\0\0\0\0");
  private static final String DESCRIBE = message('D', "P\0");
  private static final String EXECUTE = message('E', "\0\0\0\0\0");
  private static final String SYNC = message('S', "");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        " ; ",
        "SELECT 1",
        "select 1;",
        "SELECT NULL",
        "-- ping",
        "/* ping */ SELECT 1",
        "SET application_name = 'x'",
        "SHOW TRANSACTION ISOLATION LEVEL"
      })
  void statementsThatWantNothing(String statement) {
    assertThat(kind(message('Q', statement + "\0"))).isEqualTo(Kind.PROBE);
    assertThat(kind(parse(statement) + BIND + DESCRIBE + EXECUTE + SYNC)).isEqualTo(Kind.PROBE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 2", "SELECT 1 FROM t", "SELECT 1; DELETE FROM t", "SET x = 1; DELETE FROM t",
        "settle()", "BEGIN", "-- ping\nDELETE FROM t", "LISTEN c"
      })
  void statementsThatAreUse(String statement) {
    assertThat(kind(message('Q', statement + "\0"))).isEqualTo(Kind.USE);
    assertThat(kind(parse(statement) + BIND + EXECUTE + SYNC)).isEqualTo(Kind.USE);
  }

  @Test
  void aPreparedStatementIsToldByItsAnswer() {
    assertThat(kind(BIND + EXECUTE + SYNC)).isEqualTo(Kind.PREPARED);
    assertThat(kind(BIND + EXECUTE + BIND + EXECUTE + SYNC)).isEqualTo(Kind.USE);
    assertThat(kind(parse("") + BIND + EXECUTE + BIND + EXECUTE + SYNC)).isEqualTo(Kind.USE);
  }

  @Test
  void aLoneSyncAndALeaveAreNoUse() {
    assertThat(kind(SYNC)).isEqualTo(Kind.PROBE);
    assertThat(kind(message('X', ""))).isEqualTo(Kind.PROBE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Q",
        "Q\0\0\0",
        "Q\0\0\0\1",
        "Q\0\0\0\4",
        "Q\0\0\0\6;",
        "Q\u00ff\u00ff\u00ff\u00ff;\0",
        "Q\u007f\u00ff\u00ff\u00ff;\0",
        "P\0\0\0\6x\0",
        "F\0\0\0\4",
        "S\0\0\0\4S"
      })
  void whatIsNotWholeOrNotKnownIsUse(String bytes) {
    assertThat(kind(bytes)).isEqualTo(Kind.USE);
  }

  @Test
  void whatIsLongIsUse() {
    assertThat(kind(message('Q', "set x = '" + "y".repeat(600) + "'\0"))).isEqualTo(Kind.USE);
  }

  @Test
  void leavesTheBufferAsItIs() {
    ByteBuf bytes = Unpooled.copiedBuffer("??" + SYNC, StandardCharsets.ISO_8859_1).skipBytes(2);

    assertThat(Probe.of(bytes)).isEqualTo(Kind.PROBE);
    assertThat(bytes.readerIndex()).isEqualTo(2);
    assertThat(bytes.readableBytes()).isEqualTo(5);
  }

  private static Kind kind(String bytes) {
    return Probe.of(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
  }

  private static String parse(String statement) {
    return message('P', "\0" + statement + "\0\0\0");
  }

  private static String message(char type, String body) {
    int length = body.length() + 4;
    return type + "\0\0" + (char) (length >> 8) + (char) (length & 255) + body;
  }
}
