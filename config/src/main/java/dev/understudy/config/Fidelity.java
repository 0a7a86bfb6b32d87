package dev.understudy.config;

/**
 * How far a snapshot is changed so that its clones are small and quiet.
 *
 * @param freeze every row is frozen, so that reading writes nothing in clones; costs a write of
 *     every page that production has not frozen itself
 * @param keepEventTriggers event triggers fire in clones as they did in production
 */
public record Fidelity(boolean freeze, boolean keepEventTriggers) {
  public static final Fidelity DEFAULT = new Fidelity(true, true);
}
