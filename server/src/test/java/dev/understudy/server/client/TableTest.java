package dev.understudy.server.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsAreAsWideAsTheyNeedToBe() {
    assertThat(new Table("name", "label").row("pr-1", "a").row("pr-1000", ""))
        .hasToString("NAME     LABEL\npr-1     a\npr-1000\n");
  }

  @Test
  void nobodySteersTheTerminalByALabel() {
    assertThat(new Table("label").row("\033[2J\nx\u202e").toString()).isEqualTo("LABEL\n?[2J?x?\n");
  }

  @Test
  void everyRowHasAsManyCells() {
    Table table = new Table("a", "b");
    assertThatThrownBy(() -> table.row("1")).isInstanceOf(IllegalArgumentException.class);
  }
}
