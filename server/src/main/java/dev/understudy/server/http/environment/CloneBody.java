package dev.understudy.server.http.environment;

import dev.understudy.server.http.environment.EnvironmentBody.Storage;
import org.jspecify.annotations.Nullable;

/**
 * The clone of an environment, as it is told.
 *
 * @param storage as it was measured last; null: it was not yet
 */
public record CloneBody(String environment, String id, String state, @Nullable Storage storage) {}
