package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Problem;
import dev.understudy.proxy.ProxyServer;
import dev.understudy.server.operate.DaemonControl;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.Reloaded;
import dev.understudy.server.operate.ShutdownMode;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What operations reach of a daemon, which is put together after them. What nobody has connected
 * yet, or nobody ever does, as in the demo, is refused.
 */
final class Controls implements DaemonControl {
  private static final String FEATURE_NOT_SUPPORTED = "0A000";
  private static final String CONFIG_FILE_ERROR = "F0000";

  private volatile IntSupplier logins = () -> 0;
  private volatile @Nullable Supplier<ReloadResult> reload;
  private volatile @Nullable Consumer<ShutdownMode> shutdown;

  void observe(ProxyServer proxy) {
    logins = proxy::logins;
  }

  /**
   * From now on these do it.
   *
   * @param reload as {@link Reload#run}
   * @param shutdown begins to end the process; returns at once
   */
  void connect(Supplier<ReloadResult> reload, Consumer<ShutdownMode> shutdown) {
    this.reload = requireNonNull(reload, "reload is null");
    this.shutdown = requireNonNull(shutdown, "shutdown is null");
  }

  @Override
  public int logins() {
    return logins.getAsInt();
  }

  @Override
  public Reloaded reload() {
    Supplier<ReloadResult> doing = reload;
    if (doing == null) {
      throw OperationException.of(
          FEATURE_NOT_SUPPORTED,
          "there is no settings file to reload",
          null,
          "Only \"understudy serve\" and \"understudy up\" have one.");
    }
    return switch (doing.get()) {
      case ReloadResult.Applied applied -> new Reloaded(applied.waiting(), applied.warnings());
      case ReloadResult.Refused refused ->
          throw OperationException.of(
              CONFIG_FILE_ERROR,
              "the settings cannot be taken up",
              lines(refused.problems()),
              "All goes on as it was. Mend the file and RELOAD again.");
    };
  }

  private static String lines(List<Problem> problems) {
    return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
  }

  @Override
  public void shutdown(ShutdownMode mode) {
    Consumer<ShutdownMode> doing = shutdown;
    if (doing == null) {
      throw OperationException.of(
          FEATURE_NOT_SUPPORTED,
          "this daemon is ended where it was started",
          null,
          "Press Ctrl-C there.");
    }
    doing.accept(mode);
  }
}
