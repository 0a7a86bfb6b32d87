package dev.understudy.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class ApplicationProtocolsTest {
  private static final int RECORD_AND_MESSAGE_HEADERS = 5 + 4;

  @Test
  void oursMayBeOneOfSeveralOrNotOfferedAtAll() throws Exception {
    assertThat(areOthersAlone(hello())).isFalse();
    assertThat(areOthersAlone(hello("postgresql"))).isFalse();
    assertThat(areOthersAlone(hello("h2", "postgresql", "http/1.1"))).isFalse();
    assertThat(areOthersAlone(hello("h2"))).isTrue();
    assertThat(areOthersAlone(hello("postgresql2", "ostgresql", "PostgreSQL"))).isTrue();
  }

  @Test
  void whatCannotBeReadIsLeftToTheEngine() throws Exception {
    byte[] hello = hello("h2");

    assertThat(
            IntStream.range(0, hello.length)
                .filter(length -> areOthersAlone(Arrays.copyOf(hello, length))))
        .isEmpty();
  }

  private static boolean areOthersAlone(byte[] hello) {
    ByteBuf bytes = Unpooled.wrappedBuffer(hello);
    int index = bytes.readerIndex();
    boolean alone = ApplicationProtocols.areOthersAlone(bytes);
    assertThat(bytes.readerIndex()).isEqualTo(index);
    return alone;
  }

  private static byte[] hello(String... protocols) throws Exception {
    SSLEngine client = SSLContext.getDefault().createSSLEngine();
    client.setUseClientMode(true);
    SSLParameters parameters = client.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    client.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
    client.wrap(ByteBuffer.allocate(0), out);
    out.flip().position(RECORD_AND_MESSAGE_HEADERS);
    byte[] hello = new byte[out.remaining()];
    out.get(hello);
    return hello;
  }
}
