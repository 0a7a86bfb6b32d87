package dev.understudy.server.command;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * What the operating system's signals do, beside ending the process. The JDK has no other way than
 * {@code sun.misc.Signal}, which is meant to be used and which the compiler warns of, so it is
 * looked up.
 */
final class Signals {
  private Signals() {}

  /**
   * From now on that signal runs this and does nothing else; a signal that is ignored, as SIGHUP
   * under nohup, stays so.
   *
   * @param name without SIG
   * @param action on a thread of its own, each time
   */
  static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (_, method, arguments) -> {
                if (method.getDeclaringClass().equals(handler)) {
                  action.run();
                  return null;
                }
                return method.invoke(action, arguments); // of Object
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("SIG" + name + " cannot be handled", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no sun.misc.Signal", e);
    }
  }
}
