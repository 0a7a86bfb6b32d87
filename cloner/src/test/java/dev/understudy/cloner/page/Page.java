package dev.understudy.cloner.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documentation, or a part of one, whose examples are run as they stand there. */
public record Page(String text) {
  /** One of {@code docs/}. */
  public static Page of(String name) throws IOException {
    return new Page(Files.readString(Path.of("../docs").resolve(name)));
  }

  /** What is below a heading of the second rank. */
  public Page section(String title) {
    String[] parts = text.split("\n## " + Pattern.quote(title) + "\n", 2);
    assertThat(parts).as("a section %s", title).hasSize(2);
    return new Page(parts[1].split("\n## ", 2)[0]);
  }

  /** Blocks of code between fences. */
  public List<String> fenced(String language) {
    Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text);
    List<String> blocks = new ArrayList<>();
    while (block.find()) {
      blocks.add(block.group(1));
    }
    assertThat(blocks).as("blocks of %s", language).isNotEmpty();
    return blocks;
  }

  /** Blocks of code that are set in by four columns, or by more within a list. */
  public List<String> indented() {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    for (String line : (text + "\n").split("\n", -1)) {
      if (line.startsWith("    ")) {
        block.append(line.substring(4)).append('\n');
      } else if (!block.isEmpty()) {
        blocks.add(block.toString());
        block.setLength(0);
      }
    }
    assertThat(blocks).as("indented blocks").isNotEmpty();
    return blocks;
  }
}
