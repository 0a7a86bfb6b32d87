package dev.understudy.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads {@code http.webhooks}. A message never repeats a secret. */
final class HttpWebhookReader {
  /** Shorter ones could be tried out. */
  private static final int LEAST_SECRET = 16;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private final Section section;

  HttpWebhookReader(Section section) {
    this.section = section;
  }

  Map<String, HttpWebhook> read() {
    Map<String, HttpWebhook> webhooks = new LinkedHashMap<>();
    section
        .named()
        .forEach((name, webhook) -> {
          if (!NAME.matcher(name).matches()) {
            section.error(
                name, "a webhook's name has 1 to 63 characters of A-Z, a-z, 0-9, '.', '_' and '-'");
          }
          webhooks.put(name, webhook(name, webhook));
        });
    return webhooks;
  }

  private static HttpWebhook webhook(String name, Section section) {
    HttpWebhook webhook =
        new HttpWebhook(
            name,
            type(section),
            secret(section),
            section.texts("repositories", List.of()),
            environments(section));
    section.refuseUnknown();
    return webhook;
  }

  private static HttpWebhook.Type type(Section section) {
    String _ = section.requiredText("type", "github");
    return section.choice(
        "type",
        Map.of("github", HttpWebhook.Type.GITHUB, "gitlab", HttpWebhook.Type.GITLAB),
        HttpWebhook.Type.GITHUB);
  }

  private static Secret secret(Section section) {
    String secret = section.requiredText("secret", "\"${WEBHOOK_SECRET}\"");
    if (!secret.isEmpty() && secret.length() < LEAST_SECRET) {
      section.error("secret", "has fewer than " + LEAST_SECRET + " characters; make a random one");
    }
    if (section.isWrittenOut("secret")) {
      section.warning("secret", "is written in the file; better ${VARIABLE}");
    }
    return new Secret(secret);
  }

  private static List<String> environments(Section section) {
    List<String> templates = section.texts("environments", List.of("pr-" + HttpWebhook.NUMBER));
    for (String template : templates) {
      if (!template.contains(HttpWebhook.NUMBER)
          || !EnvironmentName.isValid(template.replace(HttpWebhook.NUMBER, "1"))) {
        section.error(
            "environments",
            "'" + template + "' is no name with " + HttpWebhook.NUMBER + "; write pr-{number}");
      }
    }
    return templates;
  }
}
