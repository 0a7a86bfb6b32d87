package dev.understudy.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.Settings;
import dev.understudy.config.SettingsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  private static final Pattern ALARMING = Pattern.compile("sqlstate=\"([^\"]+)\"");

  @TempDir private static Path directory;

  @Test
  void theFirstRefusalThatAnAlertWaitsForIsAnIncrease() throws Exception {
    String alerts = Files.readString(Path.of("../deploy/prometheus-alerts.yml"));
    List<String> codes = ALARMING.matcher(alerts).results().map(found -> found.group(1)).toList();
    assertThat(codes).isNotEmpty();
    AtomicReference<Settings> settings = new AtomicReference<>(settings("pr-*"));
    try (Metrics metrics = new Metrics(settings::get)) {
      for (String code : codes) {
        assertThat(metrics.scrape(null).lines()).contains(refusals("pr-*", code, 0));
        metrics.opens().refused("pr-1", code);
        assertThat(metrics.scrape(null).lines()).contains(refusals("pr-*", code, 1));

        settings.set(settings("qa-*"));
        assertThat(metrics.scrape(null).lines()).contains(refusals("qa-*", code, 0));
        settings.set(settings("pr-*"));
      }
    }
  }

  @Test
  void theFirstRequestThatIsRefusedIsAnIncrease() throws Exception {
    Matcher statuses =
        Pattern.compile("status=~\"([0-9|]+)\"")
            .matcher(Files.readString(Path.of("../deploy/prometheus-alerts.yml")));
    assertThat(statuses.find()).isTrue();
    Map<Integer, Long> refused = new HashMap<>();
    Settings settings = settings("pr-*");
    try (Metrics metrics = new Metrics(() -> settings)) {
      metrics.watchHttp(() -> refused);
      for (String status : statuses.group(1).split("[|]", -1)) {
        String series = "understudy_http_refused_total{status=\"" + status + "\"} ";
        assertThat(metrics.scrape(null).lines()).contains(series + "0.0");
        refused.put(Integer.valueOf(status), 1L);
        assertThat(metrics.scrape(null).lines()).contains(series + "1.0");
      }
    }
  }

  private static String refusals(String pattern, String code, int count) {
    return "understudy_opens_refused_total{pattern=\"%s\",sqlstate=\"%s\"} %d.0"
        .formatted(pattern, code, count);
  }

  private static Settings settings(String pattern) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("understudy.conf"),
            """
            understudy {
              data-directory = "%s"
              sources.prod { type = directory, directory = /srv/pg }
              environments."%s" { source = prod }
            }
            """
                .formatted(directory.resolve("u"), pattern));
    return SettingsFile.read(file).settings();
  }
}
