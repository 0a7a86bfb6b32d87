package dev.understudy.cloner.host;

/** A signal, with its number on Linux. */
public enum Signal {
  INT(2),
  KILL(9),
  CONT(18),
  STOP(19);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
