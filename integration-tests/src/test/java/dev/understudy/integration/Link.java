package dev.understudy.integration;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.testing.Processes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A network namespace with a link to this one, which can be cut. Its addresses are of the range for
 * tests of networks (RFC 2544), and no packet leaves this host. Closing it leaves nothing.
 *
 * @param name of the namespace, and of its end of the link
 * @param outer our end of the link
 * @param address inside
 */
record Link(String name, String outer, String address) implements AutoCloseable {
  static Link make() throws IOException, InterruptedException {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "needs root, for a network namespace");
    assumeTrue(
        List.of("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip").stream()
            .anyMatch(ip -> Files.isExecutable(Path.of(ip))),
        "needs ip of iproute2");
    long pid = ProcessHandle.current().pid();
    String net = "198.18.%d.%d".formatted((pid >> 6) & 255, (pid & 63) << 2);
    String prefix = net.substring(0, net.lastIndexOf('.') + 1);
    long last = (pid & 63) << 2;
    Link link = new Link("us" + pid, "us" + pid + "o", prefix + (last + 2));
    boolean made = false;
    try {
      link.ip("netns", "add", link.name);
      link.ip("link", "add", link.outer, "type", "veth", "peer", "name", link.name);
      link.ip("link", "set", link.name, "netns", link.name);
      link.ip("addr", "add", prefix + (last + 1) + "/30", "dev", link.outer);
      link.ip("link", "set", link.outer, "up");
      link.ip("-n", link.name, "addr", "add", link.address + "/30", "dev", link.name);
      link.up();
      made = true;
      return link;
    } catch (IOException e) {
      assumeTrue(false, "needs network namespaces: " + e.getMessage());
      throw e;
    } finally {
      if (!made) {
        link.close();
      }
    }
  }

  boolean reaches(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Before a command that is to run inside. */
  List<String> inside() {
    return List.of("ip", "netns", "exec", name);
  }

  /** Nothing gets through any more, and nobody is told. */
  void down() throws IOException, InterruptedException {
    ip("-n", name, "link", "set", name, "down");
  }

  void up() throws IOException, InterruptedException {
    ip("-n", name, "link", "set", name, "up");
  }

  private void ip(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "ip";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Processes.run(command);
  }

  /** What runs inside has ended before. */
  @Override
  public void close() {
    for (String[] removal : new String[][] {{"link", "del", outer}, {"netns", "del", name}}) {
      try {
        ip(removal);
      } catch (IOException e) {
        // It was never made.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
