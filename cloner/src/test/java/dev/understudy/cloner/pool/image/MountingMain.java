package dev.understudy.cloner.pool.image;

import java.nio.file.Path;

/** Mounts a pool as the start of a daemon does, as soon as its stdin ends. */
final class MountingMain {
  private MountingMain() {}

  public static void main(String[] arguments) throws Exception {
    System.out.println("ready");
    System.in.readAllBytes();
    System.out.println(PoolImage.mount(Path.of(arguments[0])));
  }
}
