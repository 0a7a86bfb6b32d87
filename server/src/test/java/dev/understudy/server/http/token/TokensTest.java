package dev.understudy.server.http.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.HttpToken;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Secret;
import dev.understudy.server.operate.Actor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokensTest {
  private static final Secret ADMINISTRATOR = TokenText.random();
  private static final Secret CI = TokenText.random();

  private final List<HttpToken> settings = new ArrayList<>();
  private final Tokens tokens = new Tokens(ADMINISTRATOR, () -> settings);

  @Test
  void knowsWhoseEachIsAsLongAsTheSettingsHaveIt() {
    settings.add(token(HttpToken.Role.USER, "pr-*"));

    assertThat(tokens.find(ADMINISTRATOR.value()))
        .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo("administrator"));
    assertThat(tokens.find(CI.value()))
        .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo("ci"));
    assertThat(tokens.find(CI.value() + "=")).isEmpty();
    assertThat(tokens.find("")).isEmpty();
    settings.clear();
    assertThat(tokens.find(CI.value())).isEmpty();
  }

  @Test
  void eachSeesAndSteersWhatItsRoleAndItsPatternsLetIt() {
    Actor user = actor(token(HttpToken.Role.USER));
    assertThat(user.sees("pr-1", "app")).isTrue();
    assertThat(user.sees("pr-1", "other")).isFalse();
    assertThat(user.steersAll()).isFalse();

    Actor viewer = actor(token(HttpToken.Role.VIEWER));
    assertThat(viewer.sees("pr-1", "other")).isTrue();
    assertThat(viewer.steersAll()).isFalse();

    Actor confined = actor(token(HttpToken.Role.ADMINISTRATOR, "pr-*", "staging"));
    assertThat(confined.sees("pr-1", "other")).isTrue();
    assertThat(confined.sees("staging", null)).isTrue();
    assertThat(confined.sees("qa", "app")).isFalse();
    assertThat(confined.steersAll()).isFalse();

    assertThat(Token.ADMINISTRATOR.actor("/127.0.0.1:1").steersAll()).isTrue();
  }

  private static Actor actor(HttpToken token) {
    return Token.of(token).actor("/127.0.0.1:1");
  }

  private static HttpToken token(HttpToken.Role role, String... environments) {
    String hash = TokenText.hashOf(CI).substring("sha256:".length());
    return new HttpToken(
        "ci",
        new Secret(hash),
        role,
        "app",
        List.of(environments).stream().map(NamePattern::new).toList());
  }
}
