package dev.understudy.cloner.mask;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells by a column's name and type whether it looks personal, or secret. Guesses: misses what has
 * an unusual name, and asks about some that are harmless.
 */
final class PersonalData {
  /** What a name suggests. */
  enum Category {
    EMAIL,
    PHONE,
    NAME,
    OTHER
  }

  /**
   * A guess.
   *
   * @param what in words
   * @param rule to propose
   */
  record Guess(String what, String rule) {}

  private record Sign(String what, Category kind, Pattern name) {
    static Sign of(String what, Category kind, String words) {
      return new Sign(what, kind, Pattern.compile("(^|_)(" + words + ")(_|$|\\d)"));
    }
  }

  private static final List<Sign> SIGNS =
      List.of(
          Sign.of(
              "a mail address",
              Category.EMAIL,
              "e?_?mails?|(e_?)?mail_?addr(ess)?(es)?|correo|courriel|mailadresse"),
          Sign.of(
              "a phone number",
              Category.PHONE,
              "(tele)?phones?|(tele)?phone_?(number|no|nr)|mobile|mobil|handy|cell|fax|tel|telefono?|telephone"
                  + "|msisdn|whatsapp"),
          Sign.of(
              "a person's name",
              Category.NAME,
              "(first|last|middle|maiden|full|given|family|birth|nick|sur|fore|real|display|contact"
                  + "|customer|client|patient|employee|holder|recipient|user|card_?holder)_?names?"
                  + "|vorname|nachname|familienname|geburtsname|nombre|apellidos?|prenom|cognome"
                  + "|fname|lname|nom_(de_)?famille|login"),
          Sign.of(
              "a date of birth",
              Category.OTHER,
              "birth_?(day|date|year|place)?|date_of_birth|dob|born(_on|_at)?|geburtsdatum|geburtstag"
                  + "|fecha_nacimiento|date_naissance|naissance"),
          Sign.of(
              "a postal address",
              Category.OTHER,
              "address(es)?|addr|(address|addr)_?(line)?_?\\d?|street|strasse|stra\u00dfe|hausnummer|rue|calle|direccion"
                  + "|adresse|anschrift|zip|zip_?code|post_?code|postal_?code|plz|codigo_postal"
                  + "|latitude|longitude|lat|lng|lon|geo_?location"),
          Sign.of(
              "an official number",
              Category.OTHER,
              "ssn|social_?security(_(number|no))?|national_?(id|number)|passport(_?(number|no))?"
                  + "|tax_?(id|number)|steuernummer|steuer_?id|personalausweis|ausweis(nummer)?|dni|nif|nino|cpf|cnpj"
                  + "|drivers?_?licen[cs]e(_(number|no))?|insurance_?(number|no)"),
          Sign.of(
              "a bank account or card",
              Category.OTHER,
              "iban|bic|bank_?account(_(number|no))?|account_?(number|no)|kontonummer|routing_?number|credit_?card(_(number|no))?"
                  + "|card_?(number|no|num)|cc_?(number|no|num)|pan|cvv|cvc"),
          Sign.of(
              "a network address",
              Category.OTHER,
              "ip|ip_?addr(ess)?|remote_?addr|client_?ip|last_?ip|mac_?addr(ess)?|user_?agent"),
          Sign.of(
              "a secret",
              Category.OTHER,
              "pass_?(word|wd|phrase|code)?(_?(hash|digest|salt))?|pwd|passwort|kennwort|contrasena|mot_de_passe|secret(_key)?"
                  + "|encrypted_password|tokens?|api_?key|private_?key|access_?key|otp(_secret)?|pin|security_?answer|session_?(id|key)?|cookie"),
          Sign.of(
              "something sensitive",
              Category.OTHER,
              "gender|sex|geschlecht|religion|ethnicity|nationality|diagnos[ie]s|salary|gehalt|medical_?(record|history)|signature|biography"));

  /** A column that is just called name is a person's in tables of these. */
  private static final Pattern PEOPLE =
      Pattern.compile(
          "(^|_)(users?|customers?|clients?|persons?|people|patients?|employees?|contacts?|members?|leads?"
              + "|subscribers?|students?|teachers?|drivers?|guests?|tenants?|profiles?|kunden?|personen|mitarbeiter|nutzer"
              + "|benutzer|clientes?|usuarios?|personas?|utilisateurs?)(_|$)");

  private PersonalData() {}

  static @Nullable Guess guess(String table, String column, ColumnType type) {
    if (type.kind() == ColumnType.Kind.BOOLEAN) {
      return null;
    }
    String name = words(column);
    for (Sign sign : SIGNS) {
      if (sign.name().matcher(name).find() && canBe(sign, type)) {
        return new Guess(sign.what(), proposal(sign.kind(), type));
      }
    }
    if (type.isText() && name.equals("name") && PEOPLE.matcher(words(table)).find()) {
      return new Guess("a person's name", proposal(Category.NAME, type));
    }
    return switch (type.kind()) {
      case ADDRESS -> new Guess("a network address", "null");
      case TSVECTOR -> new Guess("words of other columns", "null");
      default -> null;
    };
  }

  /** What a text is in which mail addresses were found. */
  static Guess withMailAddresses(ColumnType type) {
    return new Guess("mail addresses are in it", proposal(Category.OTHER, type));
  }

  /** Counts, flags and times are seldom what their name says. */
  private static boolean canBe(Sign sign, ColumnType type) {
    if (type.isTime()) {
      return sign.what().endsWith("birth");
    }
    return switch (sign.kind()) {
      case EMAIL, NAME -> !type.isNumber();
      case PHONE, OTHER -> true;
    };
  }

  private static String proposal(Category kind, ColumnType type) {
    if (type.isText()) {
      return switch (kind) {
        case EMAIL -> "email";
        case PHONE -> "phone";
        case NAME -> "name";
        case OTHER -> "hash";
      };
    }
    return switch (type.kind()) {
      case SMALLINT,
          INTEGER,
          BIGINT,
          NUMERIC,
          UUID,
          BYTEA,
          DATE,
          TIMESTAMP,
          TIMESTAMPTZ,
          JSON,
          JSONB ->
          "hash";
      default -> "null";
    };
  }

  /** {@code firstName} and {@code First Name} are first_name. */
  private static String words(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
        .replaceAll("[^\\p{L}\\p{N}]+", "_")
        .toLowerCase(Locale.ROOT);
  }
}
