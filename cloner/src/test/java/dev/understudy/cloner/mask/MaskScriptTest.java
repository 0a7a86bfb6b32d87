package dev.understudy.cloner.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MaskScriptTest {
  @Test
  void statementsAreFoundWhereTheyStand() throws Exception {
    String text =
        """
        -- a; comment
        SELECT 'a;b', E'\\';', "x;y";

        SELECT 1; SELECT 1;
        /* ; /* nested ; */ ; */
        DO $body$ BEGIN PERFORM ';'; END $body$;
        SELECT '{"a": 1}'::jsonb ? 'a' -- last
        """;
    MaskScript script = new MaskScript(Path.of("/x.sql"), text);
    assertThat(script.parts())
        .extracting(MaskScript.Part::number, part -> part.sql().lines().findFirst().orElseThrow())
        .containsExactly(
            tuple(1, "-- a; comment"),
            tuple(2, "SELECT 1"),
            tuple(3, "SELECT 1"),
            tuple(4, "/* ; /* nested ; */ ; */"),
            tuple(5, "SELECT '{\"a\": 1}'::jsonb ? 'a' -- last"));
    for (MaskScript.Part part : script.parts()) {
      assertThat(text).startsWith(text.substring(0, part.offset()) + part.sql());
    }
    assertThat(script.parts().get(2).offset()).isGreaterThan(script.parts().get(1).offset());
  }

  @Test
  void aFileOfCommentsHasNoStatement() throws Exception {
    assertThat(new MaskScript(Path.of("/x.sql"), "-- nothing\n;;\n").parts()).hasSizeLessThan(2);
  }
}
