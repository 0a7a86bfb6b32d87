package dev.understudy.cloner.mask;

import dev.understudy.config.MaskRule;

/**
 * SQL expressions that make one text of another. In all of them {@code d.v} is the value, neither
 * null nor empty, and {@code d.h} its hash for the use of the rule.
 */
final class TextMasks {
  /** At least so many hexadecimal digits make an address. */
  private static final int LEAST_LOCAL = 7;

  private static final int MOST_LOCAL = 20;
  private static final String DOMAIN = "@example.com";
  private static final int HASH_DIGITS = 32;

  /** Shortest column that an address fits in. */
  static final int LEAST_EMAIL = 1 + LEAST_LOCAL + DOMAIN.length();

  private static final String CONSONANTS = "bdfghjklmnprstvz";
  private static final String VOWELS = "aeio";
  private static final String ENDINGS = "{n,r,s,l,m,th,nd,rt,ss,ck,lin,ner,sen,man,ra,o}";

  private TextMasks() {}

  static String of(MaskRule rule, int maxLength) {
    return switch (rule) {
      case MaskRule.Hash _ -> hexadecimal("d.h", fitting(HASH_DIGITS, maxLength));
      case MaskRule.Email _ -> email(maxLength);
      case MaskRule.Name _ -> cut(name(), maxLength);
      case MaskRule.Phone _ -> scrambled("false");
      case MaskRule.Partial partial -> partial(partial);
      default -> throw new IllegalArgumentException(rule + " does not look at values");
    };
  }

  /** Also of the strings in JSON. */
  static String hexadecimal(String hash, int digits) {
    return "left(encode(" + hash + ", 'hex'), " + digits + ")";
  }

  private static String email(int maxLength) {
    int local = maxLength == 0 ? MOST_LOCAL : Math.min(MOST_LOCAL, maxLength - 1 - DOMAIN.length());
    return "'u' || " + hexadecimal("d.h", local) + " || '" + DOMAIN + "'";
  }

  /** Word by word, so that a whole name is made of what its parts are elsewhere. */
  private static String name() {
    StringBuilder word = new StringBuilder("initcap(");
    for (int i = 0; i < 4; i++) {
      word.append("('%s'::text[])[1 + get_byte(w.h, %d) %% 64] || ".formatted(syllables(), i));
    }
    word.append("('%s'::text[])[1 + get_byte(w.h, 4) %% 16])".formatted(ENDINGS));
    return """
    (SELECT string_agg(%s, ' ' ORDER BY w.n) FROM (SELECT p.n, %s AS h
      FROM regexp_split_to_table(d.v, '\\s+') WITH ORDINALITY AS p (word, n) OFFSET 0) AS w)\
    """
        .formatted(word, Keyed.text("name", "p.word"));
  }

  private static String syllables() {
    StringBuilder all = new StringBuilder("{");
    for (int consonant = 0; consonant < CONSONANTS.length(); consonant++) {
      for (int vowel = 0; vowel < VOWELS.length(); vowel++) {
        all.append(all.length() == 1 ? "" : ",")
            .append(CONSONANTS.charAt(consonant))
            .append(VOWELS.charAt(vowel));
      }
    }
    return all.append("}").toString();
  }

  private static String partial(MaskRule.Partial rule) {
    return scrambled(
        "char_length(d.v) > %1$d + %2$d AND (c.n <= %1$d OR c.n > char_length(d.v) - %2$d)"
            .formatted(rule.first(), rule.last()));
  }

  /**
   * A digit becomes a digit, a letter a letter, what separates them stays, and of anything else
   * nothing is to be seen.
   */
  static String scrambled(String kept) {
    String random = "get_byte(d.h, ((c.n - 1) % 32)::integer)";
    return """
    (SELECT string_agg(CASE WHEN KEPT THEN c.ch
        WHEN strpos('0123456789', c.ch) > 0 THEN chr(48 + RANDOM % 10)
        WHEN strpos('abcdefghijklmnopqrstuvwxyz', c.ch) > 0 THEN chr(97 + RANDOM % 26)
        WHEN strpos('ABCDEFGHIJKLMNOPQRSTUVWXYZ', c.ch) > 0 THEN chr(65 + RANDOM % 26)
        WHEN strpos(E' \\t\\n\\r+-()./#*,:;@_', c.ch) > 0 THEN c.ch ELSE 'x' END, '' ORDER BY c.n)
      FROM regexp_split_to_table(d.v, '') WITH ORDINALITY AS c (ch, n))\
    """
        .replace("KEPT", kept)
        .replace("RANDOM", random);
  }

  private static int fitting(int length, int maxLength) {
    return maxLength == 0 ? length : Math.min(length, maxLength);
  }

  private static String cut(String text, int maxLength) {
    return maxLength == 0 ? text : "left(" + text + ", " + maxLength + ")";
  }
}
