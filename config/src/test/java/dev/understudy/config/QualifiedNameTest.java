package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class QualifiedNameTest {
  @Test
  void namesAreTakenLetterForLetter() {
    assertThat(ColumnName.parse("public.User.eMail"))
        .isEqualTo(new ColumnName(new TableName("public", "User"), "eMail"))
        .hasToString("public.User.eMail");
  }

  @Test
  void dotsAndQuotationMarksAreQuoted() {
    TableName odd = new TableName("a.b", "say \"hi\"");
    assertThat(odd).hasToString("\"a.b\".\"say \"\"hi\"\"\"");
    assertThat(TableName.parse(odd.toString())).isEqualTo(odd);
  }

  @Test
  void whatIsNoNameIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TableName.parse("a.\"b"))
        .withMessageContaining("lacks a quotation mark");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TableName.parse("a..b"))
        .withMessageContaining("has an empty part");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TableName.parse("a.b.c"))
        .withMessageContaining("is not \"schema.table\"");
  }
}
