package dev.understudy.cloner.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.dump.DatabaseContents.EventTrigger;
import dev.understudy.cloner.dump.DatabaseContents.Extension;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TableOfContentsTest {
  private static final String LIST =
      """
      ;
      ; Archive created at 2026-11-25 09:00:00 UTC
      2; 3079 16384 EXTENSION - aws_s3\s
      3400; 0 0 COMMENT - EXTENSION aws_s3\s
      3; 3079 16999 EXTENSION - hstore\s
      215; 1259 16385 TABLE public odd name app
      3345; 0 16385 TABLE DATA public odd name app
      3346; 0 16500 TABLE DATA public keys app
      3347; 0 0 SEQUENCE SET public keys_id_seq app
      3348; 0 0 ACL public TABLE keys rdsadmin
      3349; 0 0 ACL public COLUMN keys.k rdsadmin
      3350; 0 0 ACL public TABLE keyss app
      3351; 0 0 ACL - SCHEMA aws_s3 rdsadmin
      3210; 3466 16600 EVENT TRIGGER - theirs rdsadmin
      3211; 3466 16601 EVENT TRIGGER - ours my app
      3352; 0 0 COMMENT - EVENT TRIGGER ours my app
      """;

  private final TableOfContents contents =
      TableOfContents.of(
          LIST.lines().toList(),
          List.of(
              new Extension(
                  16384,
                  "aws_s3",
                  Set.of(16500L),
                  Set.of("public keys", "public keys_id_seq"),
                  Set.of("public TABLE keys", "- SCHEMA aws_s3"))),
          List.of(new EventTrigger(16600, "theirs", "rdsadmin", true)),
          List.of(new EventTrigger(16601, "ours", "my app", false)),
          Set.of("app", "my app", "rdsadmin"));

  @Test
  void whatIsOfAnExtensionThatIsLeftOutGoesWithIt() {
    assertThat(contents.restored())
        .extracting(line -> line.substring(0, line.indexOf(';')))
        .containsExactly("3", "215", "3345", "3350");
    assertThat(contents.ownerless())
        .extracting(line -> line.substring(0, line.indexOf(';')))
        .containsExactly("3211", "3352");
  }

  @Test
  void entriesHaveNamesForPeople() {
    assertThat(contents.names())
        .containsEntry(215, "TABLE public.odd name")
        .containsEntry(3345, "TABLE DATA public.odd name")
        .containsEntry(3, "EXTENSION hstore")
        .containsEntry(3211, "EVENT TRIGGER ours")
        .containsEntry(3348, "ACL public.TABLE keys");
  }
}
