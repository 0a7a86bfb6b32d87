package dev.understudy.server.http.token;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.HttpToken;
import dev.understudy.config.NamePattern;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.Operations;
import dev.understudy.server.operate.Reach;
import java.util.List;

/**
 * A token that has been recognised.
 *
 * @param environments the only ones that it sees; empty: all
 */
public record Token(
    String name, HttpToken.Role role, String owner, List<NamePattern> environments) {
  static final Token ADMINISTRATOR =
      new Token(
          AdministratorToken.NAME,
          HttpToken.Role.ADMINISTRATOR,
          AdministratorToken.NAME,
          List.of());

  public Token {
    requireNonNull(name, "name is null");
    requireNonNull(role, "role is null");
    requireNonNull(owner, "owner is null");
    environments = List.copyOf(environments);
  }

  static Token of(HttpToken settings) {
    return new Token(settings.name(), settings.role(), settings.owner(), settings.environments());
  }

  /** Who asks with it, from an address. */
  public Actor actor(String from) {
    return new Actor(
        name,
        owner,
        role == HttpToken.Role.ADMINISTRATOR,
        Operations.VIA_HTTP,
        from,
        new Reach(role == HttpToken.Role.VIEWER, environments));
  }
}
