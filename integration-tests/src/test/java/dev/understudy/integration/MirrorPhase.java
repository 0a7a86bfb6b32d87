package dev.understudy.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a mirror is doing, as seen from outside by its files: something to aim at. Only the daemon
 * leads from one phase to the next (but from {@link #RECOVERY} and {@link #SCRIPT}, where a server
 * does that survives it), so that what was on when it was killed still is.
 */
enum MirrorPhase {
  BASE_BACKUP {
    @Override
    boolean isOn(MirrorDirectory data) throws IOException {
      return data.generations().stream().anyMatch(path -> Files.exists(path.resolve("data/base")))
          && !Files.exists(data.path().resolve("replicas/prod/replica.json"));
    }
  },
  PG_DUMP {
    @Override
    boolean isOn(MirrorDirectory data) throws IOException {
      return has(data, "work/dump") && !has(data, "work/restored.list");
    }
  },
  PG_RESTORE {
    @Override
    boolean isOn(MirrorDirectory data) throws IOException {
      return has(data, "work/restored.list");
    }
  },
  VACUUM {
    @Override
    List<MirrorPhase> way() {
      return List.of(PG_RESTORE, this);
    }

    @Override
    boolean isOn(MirrorDirectory data) throws IOException {
      return has(data, "restore.log") && !has(data, "work");
    }
  },
  STANDBY_STOPS {
    @Override
    boolean isOn(MirrorDirectory data) throws IOException {
      return has(data, "data") && !has(data, "data/base");
    }
  },
  CUT {
    @Override
    boolean isOn(MirrorDirectory data) throws IOException {
      return has(data, "data/base") && !has(data, "server.log") && !has(data, "restore.log");
    }
  },
  RECOVERY {
    @Override
    boolean isOn(MirrorDirectory data) throws IOException {
      return has(data, "server.log") && !says(data, UP);
    }
  },
  NEUTRALISATION {
    @Override
    boolean isOn(MirrorDirectory data) throws IOException {
      return says(data, UP) && !says(data, MirroredProduction.ROW);
    }
  },
  COLUMNS {
    @Override
    boolean isOn(MirrorDirectory data) throws IOException {
      return says(data, MirroredProduction.ROW) && !says(data, MirroredShop.SCRIPT_BEGINS);
    }
  },
  SCRIPT {
    @Override
    boolean isOn(MirrorDirectory data) throws IOException {
      return says(data, MirroredShop.SCRIPT_BEGINS) && !says(data, MirroredShop.SCRIPT_ENDS);
    }
  },
  FREEZE {
    @Override
    boolean isOn(MirrorDirectory data) throws IOException {
      return says(data, MirroredShop.SCRIPT_ENDS) && has(data, "data/postmaster.pid");
    }
  },
  SEAL {
    @Override
    boolean isOn(MirrorDirectory data) throws IOException {
      return says(data, MirroredShop.SCRIPT_ENDS) && !has(data, "data/postmaster.pid");
    }
  };

  private static final String UP = "database system is ready to accept connections";

  abstract boolean isOn(MirrorDirectory data) throws IOException;

  /** To be waited for one after the other. */
  List<MirrorPhase> way() {
    return List.of(this);
  }

  private static boolean has(MirrorDirectory data, String file) throws IOException {
    return data.unfinished().filter(path -> Files.exists(path.resolve(file))).isPresent();
  }

  private static boolean says(MirrorDirectory data, String text) throws IOException {
    Optional<Path> unfinished = data.unfinished();
    if (unfinished.isEmpty()) {
      return false;
    }
    try {
      return Files.readString(unfinished.get().resolve("server.log")).contains(text);
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
