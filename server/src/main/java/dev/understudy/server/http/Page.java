package dev.understudy.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param nextCursor to ask for what follows; null: nothing does
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {
  private static final int USUAL = 100;
  private static final int MOST = 1_000;

  public Page {
    items = List.copyOf(items);
  }

  /**
   * The answer to a request for a list, by its parameters {@code limit} and {@code cursor}. What
   * comes and goes meanwhile neither repeats nor hides anything else.
   *
   * @param all ascending by key
   * @param key no two have the same
   * @param body of one
   */
  public static <T, B> Reply reply(
      Call call, String path, List<T> all, Function<T, String> key, Function<T, B> body) {
    int limit = call.number("limit", USUAL, 1, MOST);
    String after = decoded(call.query("cursor"));
    List<T> rest =
        all.stream()
            .filter(item -> after == null || key.apply(item).compareTo(after) > 0)
            .limit(limit + 1L)
            .toList();
    boolean isLast = rest.size() <= limit;
    List<T> shown = isLast ? rest : rest.subList(0, limit);
    String next = isLast ? null : encoded(key.apply(shown.getLast()));
    Reply reply = Reply.ok(new Page<>(shown.stream().map(body).toList(), next));
    return next == null
        ? reply
        : reply.with(
            "Link",
            "<%s?%slimit=%d&cursor=%s>; rel=\"next\""
                .formatted(path, kept(call), limit, URLEncoder.encode(next, UTF_8)));
  }

  /** The other parameters of the call, for the parts that follow. */
  private static String kept(Call call) {
    return Stream.of("source", "usage", "from", "to")
        .filter(name -> call.query(name) != null)
        .map(name -> name + "=" + URLEncoder.encode(String.valueOf(call.query(name)), UTF_8) + "&")
        .collect(Collectors.joining());
  }

  private static String encoded(String key) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(UTF_8));
  }

  private static @Nullable String decoded(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
    } catch (IllegalArgumentException e) {
      throw Call.invalid("parameter \"cursor\" is none that was given out");
    }
  }
}
