package dev.understudy.protocol.startup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.backend.NegotiateProtocolVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolNegotiationTest {
  @ParameterizedTest
  @CsvSource({
    "0,0,0,false",
    "0,2,0,false",
    "2,2,2,false",
    "2,0,0,true",
    "9999,2,2,true",
    "1,2,1,false"
  })
  void speaksWhatBothCan(int asked, int supported, int minor, boolean isAnswered) {
    ProtocolNegotiation negotiation =
        ProtocolNegotiation.of(new StartupMessage(3, asked, Map.of("user", "u")), supported);

    assertThat(negotiation.minor()).isEqualTo(minor);
    assertThat(negotiation.answer())
        .isEqualTo(isAnswered ? new NegotiateProtocolVersion(minor, List.of()) : null);
  }

  @Test
  void namesEveryUnknownOptionOnceAndInOrder() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("_pq_.test_protocol_negotiation", "");
    parameters.put("user", "u");
    parameters.put("_pq_.a", "1");
    parameters.put("_pq", "x");

    ProtocolNegotiation negotiation =
        ProtocolNegotiation.of(new StartupMessage(3, 2, parameters), 2);

    assertThat(requireNonNull(negotiation.answer()).unrecognizedOptions())
        .containsExactly("_pq_.test_protocol_negotiation", "_pq_.a");
  }
}
