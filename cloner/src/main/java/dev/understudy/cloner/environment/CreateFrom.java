package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

/** What an environment is made of. */
public sealed interface CreateFrom {
  /** The newest snapshot of its policy's source. */
  record Policy() implements CreateFrom {}

  /** The newest snapshot of a source, which has to be the policy's. */
  record Source(String name) implements CreateFrom {
    public Source {
      requireNonNull(name, "name is null");
    }
  }

  /** A snapshot of the policy's source. */
  record Snapshot(String id) implements CreateFrom {
    public Snapshot {
      requireNonNull(id, "id is null");
    }
  }

  /** Another environment of the same source, with its data of this moment. */
  record Environment(String name) implements CreateFrom {
    public Environment {
      requireNonNull(name, "name is null");
    }
  }
}
