package dev.understudy.cloner.pool;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an ordinary user gets in a directory of his, printed; a JVM of its own, which may not read
 * the libraries of the tests.
 */
final class PoolAsUser {
  private PoolAsUser() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    PoolChoice choice = PoolProbe.choose(directory);
    choice.trials().forEach(System.out::println);
    Pool pool = choice.pool();
    Path tree = directory.resolve("tree");
    Path copy = directory.resolve("copy");
    pool.create(tree);
    SampleTree.fill(tree, 200);
    pool.seal(tree);
    pool.copy(tree, copy);
    System.out.println(
        "same: " + SampleTree.describe(tree, true).equals(SampleTree.describe(copy, true)));
    Files.writeString(copy.resolve("base/0/7"), "written");
    pool.delete(copy);
    pool.delete(tree);
    try (var left = Files.list(directory)) {
      System.out.println("left: " + left.toList());
    }
  }
}
