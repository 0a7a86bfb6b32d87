package dev.understudy.cloner.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.mask.PersonalData.Guess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersonalDataTest {
  @ParameterizedTest
  @CsvSource({
    "t, email, varchar, email",
    "t, e_mail, text, email",
    "t, EmailAddress, text, email",
    "t, contact_mail, text, email",
    "t, phone, text, phone",
    "t, mobile_2, int8, hash",
    "t, telefon, text, phone",
    "t, firstName, text, name",
    "t, last_name, text, name",
    "t, nachname, text, name",
    "t, date_of_birth, date, hash",
    "t, geburtsdatum, date, hash",
    "t, born, text, hash",
    "t, shipping_address, text, hash",
    "t, street, jsonb, hash",
    "t, plz, text, hash",
    "t, zip_code, int4, hash",
    "t, ssn, int4, hash",
    "t, iban, text, hash",
    "t, credit_card_number, text, hash",
    "t, last_ip, inet, null",
    "t, client, inet, null",
    "t, search, tsvector, null",
    "t, password_hash, text, hash",
    "t, api_key, uuid, hash",
    "t, reset_token, bytea, hash",
    "customers, name, text, name",
    "app_user, name, text, name"
  })
  void looksPersonal(String table, String column, String type, String rule) {
    assertThat(guess(table, column, type)).isNotNull().extracting(Guess::rule).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvSource({
    "product, name, text",
    "t, id, int8",
    "t, email_verified, bool",
    "t, email_count, int4",
    "t, password_changed_at, timestamptz",
    "t, last_name_change, date",
    "t, emailed, text",
    "t, description, text",
    "t, ship_date, date",
    "t, panel, text",
    "t, spin, int4",
    "t, addressable, text",
    "t, state, text"
  })
  void looksHarmless(String table, String column, String type) {
    assertThat(guess(table, column, type)).isNull();
  }

  private static @Nullable Guess guess(String table, String column, String type) {
    return PersonalData.guess(table, column, ColumnType.of(type, "", type, -1));
  }
}
