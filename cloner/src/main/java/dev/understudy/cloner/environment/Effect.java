package dev.understudy.cloner.environment;

/** What somebody who wanted a session did to an environment by wanting it. */
public enum Effect {
  /** It did not exist, or its data was lost. */
  CREATED,
  /** It began anew for a token. */
  RESET,
  /** Its server did not run. */
  WOKEN
}
