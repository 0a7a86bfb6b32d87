package dev.understudy.server.demo;

import org.jspecify.annotations.Nullable;

/** The tour saw something other than what it promises. */
final class TourException extends Exception {
  private static final long serialVersionUID = 1L;

  TourException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
