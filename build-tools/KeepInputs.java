import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps of what fuzzing has found interesting as much as is worth its place in the repository. Of
 * each fuzz test, from the module's {@code .cifuzz-corpus}, goes to {@code <Class>.base64} among
 * the test resources; lines that are there stay.
 */
class KeepInputs {
  /** Characters, of each test. */
  private static final int MOST = 4_000;

  /** Bytes. What is longer seldom says more. */
  private static final int LONGEST = 240;

  public static void main(String[] modules) throws IOException {
    for (String module : modules) {
      Path corpus = Path.of(module, ".cifuzz-corpus");
      try (Stream<Path> tests = Files.list(corpus)) {
        for (Path test : tests.filter(path -> path.toString().endsWith("FuzzTest")).toList()) {
          keep(test, Path.of(module, "src/test/resources"));
        }
      }
    }
  }

  private static void keep(Path test, Path resources) throws IOException {
    Path file = resources.resolve(test.getFileName().toString().replace('.', '/') + ".base64");
    Set<String> lines =
        new LinkedHashSet<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
    int before = lines.size();
    int length = lines.stream().mapToInt(line -> line.length() + 1).sum();
    for (Path input : inputs(test)) {
      String line = Base64.getEncoder().encodeToString(Files.readAllBytes(input));
      if (length + line.length() + 1 <= MOST && lines.add(line)) {
        length += line.length() + 1;
      }
    }
    if (lines.size() > before) {
      Files.createDirectories(file.getParent());
      Files.write(file, lines);
      System.out.println(file + ": " + before + " + " + (lines.size() - before));
    }
  }

  /**
   * By name, which is a hash and so as good as drawn by lot: short and long ones, early and late.
   */
  private static List<Path> inputs(Path test) throws IOException {
    List<Path> inputs = new ArrayList<>();
    try (Stream<Path> files = Files.walk(test)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        long length = Files.size(file);
        if (length > 0 && length <= LONGEST) {
          inputs.add(file);
        }
      }
    }
    return inputs;
  }
}
