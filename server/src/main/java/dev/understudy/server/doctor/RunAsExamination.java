package dev.understudy.server.doctor;

import dev.understudy.cloner.host.Accounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which user clones would run as. */
final class RunAsExamination implements Examination {
  private static final String SUBJECT = "clones run as";
  private static final String USUAL = "understudy-clone";

  private final @Nullable String setting;
  private final Path dataDirectory;

  RunAsExamination(@Nullable String setting, Path dataDirectory) {
    this.setting = setting;
    this.dataDirectory = dataDirectory;
  }

  @Override
  public List<Finding> examine() throws IOException, InterruptedException {
    if (!Accounts.isRoot()) {
      return List.of(
          Finding.poor(
              SUBJECT,
              "user " + Accounts.current().name() + ", who runs this: namespaces alone hold them",
              "start the daemon as root, and clones get a user of their own besides"));
    }
    if (setting != null) {
      return List.of(configured(setting));
    }
    if (Accounts.byName(USUAL).isPresent()) {
      return List.of(Finding.good(SUBJECT, "user " + USUAL));
    }
    Path recorded = dataDirectory.resolve("uid");
    if (Files.exists(recorded)) {
      return List.of(
          Finding.good(SUBJECT, "uid " + Files.readString(recorded).strip() + ", chosen earlier"));
    }
    return List.of(Finding.good(SUBJECT, "an unused uid, chosen at the first start and recorded"));
  }

  private static Finding configured(String setting) throws IOException, InterruptedException {
    boolean uid = setting.matches("\\d+");
    return uid || Accounts.byName(setting).isPresent()
        ? Finding.good(SUBJECT, (uid ? "uid " : "user ") + setting)
        : Finding.bad(
            SUBJECT, "there is no user " + setting, "make it with useradd, or change run-as");
  }
}
