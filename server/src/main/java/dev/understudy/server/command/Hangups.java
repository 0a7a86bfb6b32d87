package dev.understudy.server.command;

import java.util.concurrent.Semaphore;

/** SIGHUP, by which a daemon is asked to reload. One that comes before anybody waits is kept. */
final class Hangups {
  private final Semaphore asked = new Semaphore(0);

  private Hangups() {}

  /** From now on SIGHUP does not end the process any more. */
  static Hangups watch() {
    Hangups hangups = new Hangups();
    Signals.handle("HUP", hangups.asked::release);
    return hangups;
  }

  /** Where SIGHUP ends the process, as when its terminal goes: nobody asks. */
  static Hangups none() {
    return new Hangups();
  }

  /** Works each time that somebody has asked; once for all who have asked meanwhile. */
  void serve(Runnable work) throws InterruptedException {
    while (true) {
      asked.acquire();
      asked.drainPermits();
      work.run();
    }
  }
}
