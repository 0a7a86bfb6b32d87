package dev.understudy.cloner.pool;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The pool that a directory gets, and why.
 *
 * @param trials in the order in which they were made, the chosen one last
 */
public record PoolChoice(Pool pool, List<Trial> trials) {
  public PoolChoice {
    requireNonNull(pool, "pool is null");
    trials = List.copyOf(trials);
  }

  /**
   * One back end that was tried.
   *
   * @param name as {@link Pool#describe} has it
   * @param works trees were made, copied, sealed and deleted in this very directory
   * @param words for people: why not, and what would help; or what it means
   */
  public record Trial(String name, boolean works, String words) {
    public Trial {
      requireNonNull(name, "name is null");
      requireNonNull(words, "words is null");
    }
  }
}
