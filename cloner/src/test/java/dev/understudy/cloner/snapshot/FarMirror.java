package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.Mirror;
import dev.understudy.cloner.source.SourceCopy;
import dev.understudy.cloner.source.SourceException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Of a production whose host has what this one lacks: with more settings than ours could have. */
record FarMirror(Mirror near, Map<String, String> settings) implements Mirror {
  @Override
  public String name() {
    return near.name();
  }

  @Override
  public String describe() {
    return near.describe();
  }

  @Override
  public SourceCopy copyInto(Path tree, CopyListener listener)
      throws SourceException, InterruptedException {
    SourceCopy copy = near.copyInto(tree, listener);
    Map<String, String> all = new HashMap<>(copy.settings());
    all.putAll(settings);
    return new SourceCopy(
        copy.systemIdentifier(),
        copy.version(),
        copy.superuser(),
        copy.completion(),
        copy.dataTime(),
        all,
        copy.leftBehind(),
        copy.position(),
        copy.files(),
        copy.bytes(),
        copy.elapsed());
  }
}
