package dev.understudy.cloner.pool.image;

import java.nio.file.Path;

/** A process that ends in the midst of making a pool, as by SIGKILL. */
final class KilledCreation {
  static final int STATUS = 137;

  private KilledCreation() {}

  public static void main(String[] args) throws Exception {
    PoolImage.create(
        PoolPlan.image(Path.of(args[0]), 600L << 20, ImageType.BTRFS),
        step -> {
          if (step == CreationStep.valueOf(args[1])) {
            Runtime.getRuntime().halt(STATUS);
          }
        });
  }
}
