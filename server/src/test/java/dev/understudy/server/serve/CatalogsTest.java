package dev.understudy.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.config.Settings.CredentialSource;
import dev.understudy.config.User;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CatalogsTest {
  private final AtomicReference<Settings> settings = new AtomicReference<>(of("alice"));
  private final AtomicReference<List<Snapshot>> newest = new AtomicReference<>(List.of());
  private final Catalogs catalogs = new Catalogs(settings::get, newest::get);

  @Test
  void isArrangedAnewForOtherSettingsAndForOtherSnapshots() {
    Catalog first = catalogs.get();
    assertThat(first.names().users()).containsExactly("alice");

    settings.set(of("bob"));
    assertThat(catalogs.get().names().users()).containsExactly("bob");

    newest.set(List.of(Samples.snapshot("prod", 180_000)));
    assertThat(catalogs.get().names().sources()).containsKey("prod");
    assertThat(catalogs.get()).isSameAs(catalogs.get());
  }

  private static Settings of(String user) {
    return Samples.settings(
        Map.of(user, new User(user, new Secret("pw"), user)), List.of(CredentialSource.USERS));
  }
}
