package dev.understudy.cloner.source;

import dev.understudy.cloner.host.LocaleCategory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The locales among the settings that clones carry. PostgreSQL does not start with one that is not
 * installed on its host, whereas every host has C.
 */
public final class CarriedLocales {
  private static final Map<String, LocaleCategory> CATEGORIES =
      Map.of(
          "lc_messages", LocaleCategory.MESSAGES,
          "lc_monetary", LocaleCategory.MONETARY,
          "lc_numeric", LocaleCategory.NUMERIC,
          "lc_time", LocaleCategory.TIME);

  private CarriedLocales() {}

  /**
   * A copy that a server here starts on: with C for each locale that is not here, which is told.
   */
  public static SourceCopy fitted(SourceCopy copy) {
    Map<String, String> settings = new HashMap<>(copy.settings());
    List<LeftOut> changed = new ArrayList<>(copy.leftBehind().others());
    settings.replaceAll((name, value) -> {
      LocaleCategory category = CATEGORIES.get(name);
      if (category == null || category.isInstalled(value)) {
        return value;
      }
      changed.add(
          new LeftOut(
              LeftOut.Kind.SETTING, null, name, "C in clones: its locale is not installed here"));
      return "C";
    });
    return copy.with(settings, copy.leftBehind().with(changed));
  }
}
