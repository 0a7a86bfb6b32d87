package dev.understudy.server.http.page;

import dev.understudy.server.http.Call;
import dev.understudy.server.http.Reply;
import dev.understudy.server.http.Route;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of the page, each at a path of its own: there is no path that leads to any other. They
 * need no token, and hold nothing that others may not know. Immutable.
 */
public final class PageFiles {
  private static final List<String> ASSETS =
      List.of(
          "page.css",
          "page.js",
          "actions.js",
          "api.js",
          "clients.js",
          "details.js",
          "dialog.js",
          "dom.js",
          "events.js",
          "feed.js",
          "filter.js",
          "format.js",
          "row.js",
          "savings.js",
          "session.js",
          "sizes.js",
          "sources.js",
          "store.js",
          "table.js",
          "tasks.js",
          "trash.js");

  private final List<PageFile> files =
      Stream.concat(
              Stream.of(PageFile.read("/", "index.html")),
              ASSETS.stream().map(name -> PageFile.read("/assets/" + name, name)))
          .toList();

  /** One to each file. */
  public List<Route> routes() {
    return files.stream().map(file -> Route.get(file.path(), call -> reply(call, file))).toList();
  }

  /** The file at a path. */
  public Optional<PageFile> find(String path) {
    return files.stream().filter(file -> file.path().equals(path)).findFirst();
  }

  private static Reply reply(Call call, PageFile file) {
    return isKnown(call, file)
        ? new Reply(304, file.headers(), new Reply.Nothing())
        : new Reply(200, file.headers(), new Reply.File(file.mediaType(), file.content()));
  }

  private static boolean isKnown(Call call, PageFile file) {
    String known = call.header("If-None-Match");
    return known != null && known.contains(file.etag());
  }
}
