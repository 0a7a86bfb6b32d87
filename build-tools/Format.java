import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks ("check") or repairs ("fix") the format of every Java source below the working directory.
 */
class Format {
  public static void main(String[] args) throws Exception {
    boolean fix = args.length == 1 && args[0].equals("fix");
    Formatter formatter = new Formatter();
    List<Path> sources;
    try (Stream<Path> tree = Files.walk(Path.of("."))) {
      sources =
          tree.filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !path.toString().contains("/target/"))
              .sorted()
              .toList();
    }
    List<Path> unformatted = new ArrayList<>();
    for (Path source : sources) {
      String before = Files.readString(source);
      String after =
          formatter.formatSourceAndFixImports(RemoveUnusedImports.removeUnusedImports(before));
      if (!before.equals(after)) {
        unformatted.add(source);
        if (fix) {
          Files.writeString(source, after);
        }
      }
    }
    if (!fix && !unformatted.isEmpty()) {
      unformatted.forEach(source -> System.err.println("not formatted: " + source));
      System.err.println("repair with: mvn process-sources -pl build-tools -Dformat.mode=fix");
      System.exit(1);
    }
  }
}
