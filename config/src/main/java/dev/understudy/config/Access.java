package dev.understudy.config;

/** What sessions may do to the data of an environment. */
public enum Access {
  READ_WRITE,
  /** Nobody writes to it, whatever role they have. */
  READ_ONLY
}
