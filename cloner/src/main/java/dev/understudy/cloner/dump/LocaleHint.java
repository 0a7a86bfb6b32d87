package dev.understudy.cloner.dump;

/** What an administrator does about a locale that is missing here. */
final class LocaleHint {
  static final String TEXT =
      "Install it: on Debian and Ubuntu, take its line in /etc/locale.gen out of its comment and"
          + " run locale-gen; on RHEL, install the glibc-langpack of the language.";

  private LocaleHint() {}
}
