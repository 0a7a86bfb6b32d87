import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a page of docs/recipes tells people to write, with this host in the place of theirs. */
final class Recipe {
  private static final Path PAGES = Path.of("../../../docs/recipes");
  private static final String THEIRS = "db.example.com:6432/shop";

  private Recipe() {}

  /** The first block of a language. */
  static String block(String page, String language) throws IOException {
    Matcher block =
        Pattern.compile("(?ms)^```" + language + "\n(.*?)^```")
            .matcher(Files.readString(PAGES.resolve(page)));
    if (!block.find()) {
      throw new AssertionError(page + " has no block of " + language);
    }
    return onThisHost(block.group(1));
  }

  /** What a shell would have in a variable that the first block exports in double quotes. */
  static String exported(String page, String variable) throws IOException {
    Matcher export =
        Pattern.compile("(?m)^export " + variable + "=\"([^\"]*)\"").matcher(block(page, "sh"));
    if (!export.find()) {
      throw new AssertionError(page + " does not export " + variable);
    }
    return export.group(1).replace("$ENVIRONMENT", Walk.ENVIRONMENT);
  }

  private static String onThisHost(String block) {
    if (!block.contains(THEIRS)) {
      throw new AssertionError("no " + THEIRS + " in: " + block);
    }
    return block.replace(THEIRS, Walk.HOST + ":" + Walk.PORT + "/" + Walk.DATABASE);
  }
}
