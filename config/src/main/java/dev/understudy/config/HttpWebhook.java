package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What GitHub or GitLab tells of pull requests: those that are closed take their environments with
 * them.
 *
 * @param secret that deliveries are signed with
 * @param repositories the only ones that are heard; empty: all that have the secret
 * @param environments names, with {@link #NUMBER} for the number of the pull request
 */
public record HttpWebhook(
    String name, Type type, Secret secret, List<String> repositories, List<String> environments) {
  public static final String NUMBER = "{number}";

  /** Whose deliveries they are. */
  public enum Type {
    GITHUB,
    GITLAB
  }

  public HttpWebhook {
    requireNonNull(name, "name is null");
    requireNonNull(type, "type is null");
    requireNonNull(secret, "secret is null");
    repositories = List.copyOf(repositories);
    environments = List.copyOf(environments);
  }

  /** The environments of one pull request. */
  public List<String> environmentsOf(long number) {
    return environments.stream()
        .map(template -> template.replace(NUMBER, Long.toString(number)))
        .toList();
  }
}
