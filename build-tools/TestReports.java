import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Fails if a test was skipped for a reason that is not in the given file, or if no test ran at all.
 * Names every test that failed before it passed.
 */
class TestReports {
  public static void main(String[] args) throws Exception {
    List<Pattern> allowed =
        Files.readAllLines(Path.of(args[0])).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Pattern::compile)
            .toList();
    List<String> refused = new ArrayList<>();
    int tests = 0;
    for (Path report : reports()) {
      NodeList cases =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(report.toFile())
              .getElementsByTagName("testcase");
      for (int i = 0; i < cases.getLength(); i++) {
        tests++;
        Element test = (Element) cases.item(i);
        String name = test.getAttribute("classname") + "." + test.getAttribute("name");
        NodeList skipped = test.getElementsByTagName("skipped");
        if (test.getElementsByTagName("flakyFailure").getLength() > 0
            || test.getElementsByTagName("flakyError").getLength() > 0) {
          System.out.println("FAILED ONCE: " + name + ": look into it, its log is above");
        }
        if (skipped.getLength() > 0) {
          String reason =
              ((Element) skipped.item(0))
                  .getAttribute("message")
                  .replaceFirst("^Assumption failed: ", "");
          boolean known = allowed.stream().anyMatch(pattern -> pattern.matcher(reason).find());
          System.out.println((known ? "skipped: " : "SKIPPED: ") + name + ": " + reason);
          if (!known) {
            refused.add(name);
          }
        }
      }
    }
    System.out.println(tests + " tests, " + refused.size() + " skipped without leave");
    System.exit(refused.isEmpty() && tests > 0 ? 0 : 1);
  }

  private static List<Path> reports() throws Exception {
    try (Stream<Path> tree = Files.walk(Path.of("."), 4)) {
      return tree.filter(path -> path.getFileName().toString().matches("TEST-.*\\.xml"))
          .filter(path -> path.toString().matches(".*/target/(surefire|failsafe)-reports/.*"))
          .sorted()
          .toList();
    }
  }
}
