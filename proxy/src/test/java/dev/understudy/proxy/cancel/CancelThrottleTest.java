package dev.understudy.proxy.cancel;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CancelThrottleTest {
  private static final SocketAddress CLIENT = at("192.0.2.1");

  private long now = Long.MAX_VALUE - 10;
  private final CancelThrottle throttle = new CancelThrottle(new CancelRate(10, 3), () -> now);

  @Test
  void allowsABurstAndThenSoManyPerSecond() {
    assertThat(allowed(CLIENT, 10)).isEqualTo(3);
    now += TimeUnit.MILLISECONDS.toNanos(100);
    assertThat(allowed(CLIENT, 10)).isEqualTo(1);
    now += TimeUnit.MILLISECONDS.toNanos(250);
    assertThat(allowed(CLIENT, 10)).isEqualTo(2);
  }

  @Test
  void aLongTimeWithoutAnySavesNoMoreThanABurst() {
    allowed(CLIENT, 10);
    now += TimeUnit.HOURS.toNanos(1);

    assertThat(allowed(CLIENT, 10)).isEqualTo(3);
  }

  @Test
  void networksHaveBucketsOfTheirOwn() {
    allowed(CLIENT, 10);

    assertThat(throttle.allows(at("192.0.2.254"))).isFalse();
    assertThat(throttle.allows(at("192.0.3.1"))).isTrue();
    assertThat(allowed(at("2001:db8::1"), 10)).isEqualTo(3);
    assertThat(throttle.allows(at("2001:db8::ffff:1"))).isFalse();
    assertThat(throttle.allows(at("2001:db8:0:1::1"))).isTrue();
  }

  @Test
  void forgetsOnlyWhomItHasNotHeardOfForLongest() {
    for (int i = 0; i < 4096; i++) {
      allowed(at("10.%d.%d.1".formatted(i / 256, i % 256)), 3);
    }
    assertThat(throttle.allows(at("10.0.0.1"))).isFalse();
    assertThat(throttle.allows(CLIENT)).isTrue();

    assertThat(throttle.allows(at("10.0.1.1"))).as("forgotten").isTrue();
    assertThat(throttle.allows(at("10.0.0.1"))).isFalse();
    assertThat(throttle.allows(at("10.15.255.1"))).isFalse();
  }

  private long allowed(SocketAddress client, int requests) {
    return IntStream.range(0, requests).filter(_ -> throttle.allows(client)).count();
  }

  private static SocketAddress at(String address) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), 1234);
  }
}
