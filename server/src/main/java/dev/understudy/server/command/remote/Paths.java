package dev.understudy.server.command.remote;

import dev.understudy.server.client.ApiClient;

/** Where things are in the HTTP API. */
final class Paths {
  static final String ENVIRONMENTS = "/environments";

  private Paths() {}

  static String environment(String name) {
    return ENVIRONMENTS + "/" + ApiClient.encoded(name);
  }
}
