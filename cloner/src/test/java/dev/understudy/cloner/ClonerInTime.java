package dev.understudy.cloner;

import dev.understudy.cloner.alarm.HostTime;
import dev.understudy.cloner.clone.StepListener;
import dev.understudy.config.Settings;

/** Opens a {@link Cloner} whose time a test makes pass. */
public final class ClonerInTime {
  private ClonerInTime() {}

  public static Cloner open(Settings settings, HostTime time)
      throws ClonerException, InterruptedException {
    return Cloner.open(settings, CopyProgress::new, StepListener.NONE, time);
  }
}
