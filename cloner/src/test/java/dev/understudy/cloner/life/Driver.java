package dev.understudy.cloner.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks the daemon for things, and keeps the model of what must follow. What was under way when the
 * daemon was killed has happened or has not; which of the two shows at the next start.
 */
final class Driver {
  /** A daemon writes down within that time what it knows, unless it is killed. */
  private static final Duration WRITTEN = Duration.ofSeconds(3);

  private static final int LONGEST_MILLIS = 120;

  /** Of the things that are done. */
  static final int KILLED_EACH = 4;

  private final Site site;
  private final ModelTime time = new ModelTime();
  private final List<String> story = new ArrayList<>();

  /** What a daemon remembered before of a use that it may not have written down yet. */
  private final Map<String, Doubt> doubts = new HashMap<>();

  private @Nullable Doubt jump;
  private LifeProcess daemon;
  private World world;
  private Duration lenientUntil;

  Driver(Site site) throws Exception {
    this.site = site;
    this.daemon = site.startDaemon(time);
    this.world = World.of(site.version(), daemon.ask("newest"));
    this.lenientUntil = time.own().plus(LifeSettings.GRACE);
  }

  Site site() {
    return site;
  }

  ModelTime time() {
    return time;
  }

  World world() {
    return world;
  }

  void become(World next) {
    world = next;
  }

  /** Nothing ends by itself before, in own time. */
  Duration lenientUntil() {
    return lenientUntil;
  }

  Span now() {
    return Span.at(time.own());
  }

  /** For whoever has to find out what went wrong. */
  void tell(String what) {
    story.add("%s %s".formatted(time.wall().truncatedTo(ChronoUnit.SECONDS), what));
  }

  int told() {
    return story.size();
  }

  String story() {
    return String.join("\n", story);
  }

  String ask(String... words) throws IOException {
    return daemon.ask(words);
  }

  /** Those whose servers run. */
  Set<String> awake() throws IOException {
    return new HashSet<>(
        Stream.of(ask("awake").split(" ", -1)).filter(name -> !name.isEmpty()).toList());
  }

  /** The SQLSTATE. */
  String refusal(String... command) throws IOException {
    try {
      return "accepted: " + daemon.ask(command);
    } catch (LifeProcess.Refused e) {
      return e.sqlState;
    }
  }

  /** It is refused so, and nothing follows. */
  void refused(String sqlState, String what, String... command) throws Exception {
    tell(what + ", which is refused");
    assertThat(refusal(command)).as(what).isEqualTo(sqlState);
    check(List.of(world));
  }

  /** Does it, and expects what follows. */
  void change(String what, UnaryOperator<World> effect, String... command) throws Exception {
    tell(what);
    daemon.ask(command);
    world = effect.apply(world);
  }

  /** Does it, or kills the daemon meanwhile. */
  void perhapsInterrupted(
      Random random, String what, UnaryOperator<World> effect, String... command) throws Exception {
    if (random.nextInt(KILLED_EACH) > 0) {
      change(what, effect, command);
    } else {
      interrupted(what, random, effect, command);
    }
  }

  /** Kills the daemon while it does it. */
  void interrupted(String what, Random random, UnaryOperator<World> effect, String... command)
      throws Exception {
    int millis = random.nextInt(LONGEST_MILLIS);
    tell("the daemon is killed %d ms into: %s".formatted(millis, what));
    daemon.begin(command);
    Thread.sleep(millis);
    kill();
    start();
    check(List.of(world, effect.apply(world)));
  }

  /** Nothing automatic removes it, or something may. */
  void guard(String name, boolean on) throws Exception {
    UnaryOperator<Living> change = living -> living.guarded(on);
    change(
        (on ? "protect " : "unprotect ") + name,
        before -> before.change(name, change),
        "guard",
        name,
        on ? "on" : "off");
  }

  /** A client did something. */
  void used(String name, Duration written) {
    Living living = world.get(name);
    Doubt known = doubts.get(name);
    Duration before = known != null && known.holds() ? known.value() : living.used().from();
    doubts.put(name, Doubt.of(before, written));
    world = world.with(name, living.used(now()));
  }

  void used(String name) {
    used(name, WRITTEN);
  }

  /** The clock is set while the daemon works: nothing follows, but that it waits for a while. */
  void setClock(Duration by) throws Exception {
    daemon.ask("set", String.valueOf(by.toMillis()));
    time.setClock(by);
    jump = Doubt.of(by, WRITTEN);
    lenientUntil = time.own().plus(LifeSettings.GRACE);
  }

  /** Time passes; what that brings is another's to see. */
  void pass(Duration length) throws Exception {
    daemon.ask("pass", String.valueOf(length.toMillis()));
    time.pass(length);
  }

  /** What is due has begun, if not ended. */
  void settle() throws Exception {
    daemon.ask("settle");
  }

  /** Without a word. */
  void kill() throws Exception {
    daemon.kill();
    doubts.forEach((name, doubt) -> {
      if (doubt.holds() && world.has(name)) {
        world = world.change(name, living -> living.used(living.used().orSince(doubt.value())));
      }
    });
    Doubt known = jump;
    if (known != null && known.holds()) {
      Duration own = time.own();
      world = world.times(span -> span.perhapsSet(known.value(), own));
    }
    doubts.clear();
    jump = null;
  }

  /** All servers stop. */
  void shutDown() throws Exception {
    daemon.ask("shutdown");
    site.checkNoServers();
    kill();
  }

  void start() throws Exception {
    daemon = site.startDaemon(time);
    lenientUntil = time.own().plus(LifeSettings.GRACE);
  }

  /** The clock is set while no daemon works: between {@link #kill} and {@link #start}. */
  void setClockUnseen(Duration by) {
    time.setClock(by);
    Duration own = time.own();
    world = world.times(span -> span.clockSet(by, own));
  }

  /** The one that the daemon's own picture agrees with. */
  void check(List<World> possible) throws Exception {
    String names = daemon.ask("list");
    world =
        possible.stream()
            .filter(candidate -> candidate.names().equals(names))
            .reduce((first, second) -> second)
            .orElseThrow(() ->
                new AssertionError(
                    names + " is none of " + possible.stream().map(World::names).toList()));
  }
}
