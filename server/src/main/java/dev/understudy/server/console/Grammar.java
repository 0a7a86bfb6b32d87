package dev.understudy.server.console;

/** The forms of all commands, for those who ask and those who err. */
enum Grammar {
  CREATE(
      "CREATE ENVIRONMENT name [FROM SOURCE source | FROM SNAPSHOT id | FROM ENVIRONMENT name]"
          + " [FRESH]",
      "makes one; FRESH cuts a snapshot first"),
  REFRESH("REFRESH ENVIRONMENT name [FORCE]", "moves it to the newest snapshot"),
  RESET("RESET ENVIRONMENT name [FORCE]", "takes it back to the snapshot it came from"),
  SUSPEND("SUSPEND ENVIRONMENT name [FORCE]", "puts it to sleep; the next connect wakes it"),
  RESUME("RESUME ENVIRONMENT name", "wakes it"),
  PROTECT("PROTECT ENVIRONMENT name", "nothing automatic removes it"),
  UNPROTECT("UNPROTECT ENVIRONMENT name", "its policy decides again"),
  EXTEND("EXTEND ENVIRONMENT name BY 'interval'", "nothing automatic removes it so long"),
  COMMENT("COMMENT ON ENVIRONMENT name IS 'text' | NULL", "says what it is for"),
  DROP("DROP ENVIRONMENT [IF EXISTS] name", "drops it; UNDROP brings it back for a while"),
  UNDROP("UNDROP ENVIRONMENT name [AS name]", "takes it out of the trash"),
  SNAPSHOT("SNAPSHOT SOURCE source", "cuts a snapshot of production"),
  RELOAD("RELOAD", "reads the settings file again"),
  KILL_CLIENT("KILL_CLIENT id", "ends a session; SHOW CLIENTS has its id"),
  SHUTDOWN("SHUTDOWN [IMMEDIATE | WAIT_FOR_SERVERS | WAIT_FOR_CLIENTS]", "ends Understudy");

  private final String form;
  private final String description;

  Grammar(String form, String description) {
    this.form = form;
    this.description = description;
  }

  String form() {
    return form;
  }

  String description() {
    return description;
  }
}
