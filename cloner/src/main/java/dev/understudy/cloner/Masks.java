package dev.understudy.cloner;

import dev.understudy.cloner.mask.Mask;
import dev.understudy.cloner.mask.Masking;
import dev.understudy.cloner.snapshot.PreparationStep;
import dev.understudy.config.Settings;
import dev.understudy.config.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the sources of the settings are masked, read once. */
final class Masks {
  private static final Logger LOG = LoggerFactory.getLogger(Masks.class);

  private final Map<String, Mask> masks;
  private final Map<String, String> digests = new HashMap<>();

  private Masks(Map<String, Mask> masks) {
    this.masks = Map.copyOf(masks);
    masks.forEach((source, mask) -> digests.put(source, mask.digest()));
  }

  static Masks load(Settings settings, Path dataDirectory) throws ClonerException {
    Map<String, Mask> masks = new HashMap<>();
    for (Source source : settings.sources().values()) {
      if (source.mask() != null) {
        try {
          masks.put(source.name(), Mask.load(source.mask(), dataDirectory));
        } catch (IOException e) {
          throw new ClonerException(
              "source %s: %s".formatted(source.name(), e.getMessage()), null, e);
        }
      }
    }
    return new Masks(masks);
  }

  /** Says of which of the sources nothing is masked. */
  void warnOfUnmasked(Collection<String> sources) {
    for (String source : sources) {
      if (!masks.containsKey(source)) {
        LOG.warn(
            "source {}: UNMASKED: its clones hold production's data as it is; write a section mask",
            source);
      }
    }
  }

  /** What masks one copy of a source. */
  List<PreparationStep> steps(String source) {
    Mask mask = masks.get(source);
    return mask == null ? List.of() : List.of(new Masking(mask));
  }

  /** Of a source's rules; null if it is not masked. */
  @Nullable String digest(String source) {
    return digests.get(source);
  }
}
