package dev.understudy.server.http.webhook;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.config.HttpWebhook;
import dev.understudy.config.Settings;
import dev.understudy.server.http.Call;
import dev.understudy.server.http.Reply;
import dev.understudy.server.http.Route;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.Operations;
import dev.understudy.server.webhook.Delivery;
import dev.understudy.server.webhook.Event;
import dev.understudy.server.webhook.Forge;
import dev.understudy.server.webhook.GitHub;
import dev.understudy.server.webhook.GitLab;
import dev.understudy.server.webhook.WebhookException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Drops the environments of pull requests that are closed. Deliveries show no token: they are
 * signed.
 */
public final class WebhookRoutes {
  /** Of a pull request forges send some ten KiB. */
  private static final int MOST_BYTES = 1 << 20;

  /**
   * Anybody may send one: what is held for all long ones together is bounded by this. Short ones
   * need no place, as no other request does: who holds all places keeps no ordinary delivery out.
   */
  private static final int LONG_DELIVERIES = 4;

  /** Both forges give up after ten: until a place is free, and for everything after that. */
  private static final Duration PLACE = Duration.ofSeconds(5);

  private static final Duration ALL = Duration.ofSeconds(8);

  /** For a body to arrive, before anybody knows whose it is. */
  private static final Duration BODY = Duration.ofSeconds(2);

  private static final String INVALID_SIGNATURE = "28P01";
  private static final String INVALID_JSON = "22032";
  private static final String UNDEFINED_OBJECT = "42704";

  private final Operations operations;
  private final Supplier<Settings> settings;
  private final InstantSource clock;
  private final Semaphore places = new Semaphore(LONG_DELIVERIES, true);

  public WebhookRoutes(Operations operations, Supplier<Settings> settings, InstantSource clock) {
    this.operations = requireNonNull(operations, "operations is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  public List<Route> all() {
    return List.of(Route.post(Route.WEBHOOKS + "/{name}", this::deliver));
  }

  /**
   * What a delivery came to.
   *
   * @param event what it said, for people
   * @param dropped names; of those too that are about to be, which takes longer than is waited for
   * @param kept names of those that are protected, or extended
   */
  private record Outcome(String event, List<String> dropped, List<String> kept) {}

  private Reply deliver(Call call) throws IOException, InterruptedException {
    long end = System.nanoTime() + ALL.toNanos();
    String name = call.path("name");
    HttpWebhook webhook = settings.get().http().webhooks().get(name);
    if (webhook == null) {
      throw OperationException.of(
          UNDEFINED_OBJECT,
          "there is no webhook of that name",
          null,
          "http.webhooks in the settings has them.");
    }
    return switch (read(webhook, call)) {
      case Event.Other(String what) -> Reply.ok(new Outcome(what, List.of(), List.of()));
      case Event.Closed(String repository, long number) -> {
        String what = repository + " " + number + " closed";
        if (!webhook.repositories().isEmpty() && !webhook.repositories().contains(repository)) {
          yield Reply.ok(new Outcome(what + ", which is not heard of here", List.of(), List.of()));
        }
        yield drop(actor(webhook, call), what, webhook.environmentsOf(number), end);
      }
    };
  }

  private static Actor actor(HttpWebhook webhook, Call call) {
    return new Actor(webhook.name(), webhook.name(), true, "webhook", call.from());
  }

  private Event read(HttpWebhook webhook, Call call) throws IOException, InterruptedException {
    if (call.isShort()) {
      return understand(webhook, call);
    }
    if (!places.tryAcquire(PLACE.toNanos(), TimeUnit.NANOSECONDS)) {
      throw OperationException.of(
          "57P03",
          "too many long deliveries come in at once",
          null,
          "Have the forge send it again, or drop the environments by hand.");
    }
    try {
      return understand(webhook, call);
    } finally {
      places.release();
    }
  }

  private Event understand(HttpWebhook webhook, Call call) throws IOException {
    try {
      return forge(webhook).read(new Delivery(call::header, call.bytes(MOST_BYTES, BODY)));
    } catch (WebhookException e) {
      boolean isForged = e.kind() == WebhookException.Kind.FORGED;
      throw OperationException.of(
          isForged ? INVALID_SIGNATURE : INVALID_JSON,
          isForged
              ? "the delivery is not signed as it should be"
              : "the delivery is not understood",
          String.valueOf(e.getMessage()),
          isForged
              ? "Enter the same secret there and as http.webhooks." + webhook.name() + ".secret."
              : "Let it send JSON, and events of pull requests or merge requests.");
    }
  }

  private Forge forge(HttpWebhook webhook) {
    return switch (webhook.type()) {
      case GITHUB -> new GitHub(webhook.secret());
      case GITLAB -> new GitLab(webhook.secret(), clock);
    };
  }

  private Reply drop(Actor actor, String event, List<String> names, long end)
      throws InterruptedException {
    Map<String, CompletableFuture<Boolean>> drops = new TreeMap<>();
    for (String name : names) {
      // Asked in this order, since what is coming may be there in between.
      if (operations.isComing(name) || find(actor, name).filter(this::isDroppable).isPresent()) {
        drops.put(name, operations.dropIf(actor, name, this::isDroppable));
      }
    }
    int status = await(drops.values(), end) ? 200 : 202;
    List<String> dropped = new ArrayList<>();
    drops.forEach((name, drop) -> {
      if (drop.state() != Future.State.SUCCESS || drop.resultNow()) {
        dropped.add(name);
      }
    });
    List<String> kept =
        names.stream()
            .filter(name -> !dropped.contains(name))
            .filter(name -> find(actor, name).filter(found -> !isDroppable(found)).isPresent())
            .sorted()
            .toList();
    return Reply.of(status, new Outcome(event, dropped, kept));
  }

  private Optional<EnvironmentStatus> find(Actor actor, String name) {
    return operations.environments(actor).stream()
        .filter(status -> status.name().equals(name))
        .findFirst();
  }

  private boolean isDroppable(EnvironmentStatus status) {
    return !status.guarded() && !isInTheFuture(status.keptUntil());
  }

  private boolean isDroppable(EnvironmentRecord record) {
    return !record.guarded() && !isInTheFuture(record.keptUntil());
  }

  private boolean isInTheFuture(@Nullable Instant time) {
    return time != null && time.isAfter(clock.instant());
  }

  /** False if it takes longer than a forge waits; it goes on then. */
  private static boolean await(Collection<CompletableFuture<Boolean>> drops, long end)
      throws InterruptedException {
    try {
      CompletableFuture.allOf(drops.toArray(new CompletableFuture<?>[0]))
          .get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OperationException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
