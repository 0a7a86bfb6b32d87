package dev.understudy.cloner.postgres;

import dev.understudy.cloner.sandbox.SandboxedProcess;
import java.io.IOException;

/** Kills a process if it still runs, and waits until nothing that it has started is left. */
interface Ender {
  void end(SandboxedProcess process) throws IOException;
}
