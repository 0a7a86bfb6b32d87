package dev.understudy.cloner.sandbox;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Account;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the probe saw inside a sandbox.
 *
 * @param facts values by kind, as {@code probe.sh} prints them
 */
record Findings(Map<String, List<String>> facts) {
  private static final Set<String> ENTRIES =
      Set.of(
          "bin",
          "data",
          "dev",
          "etc",
          "lib",
          "lib32",
          "lib64",
          "nix",
          "proc",
          "sbin",
          "socket",
          "tmp",
          "usr",
          "var",
          "var/cache");
  private static final Set<String> WRITABLE = Set.of("/data", "/socket", "/tmp", "/dev/shm");

  /** The sandbox's shell, its init and the few programs it runs. */
  private static final int PROCESSES = 6;

  Findings {
    requireNonNull(facts, "facts is null");
  }

  static Findings parse(String output) {
    Map<String, List<String>> facts = new LinkedHashMap<>();
    for (String line : output.lines().toList()) {
      String[] parts = line.split(" ", 2);
      if (parts.length == 2) {
        facts.computeIfAbsent(parts[0], kind -> new ArrayList<>()).add(parts[1]);
      }
    }
    return new Findings(facts);
  }

  /** PostgreSQL 14 and older want a loopback interface for their statistics. */
  boolean hasLoopback() {
    return all("loopback").contains("up");
  }

  /** In which ways it does not hold; empty if it does. */
  List<String> faults(Account account) {
    if (!all("end").contains("end")) {
      return List.of("the probe did not come to its end");
    }
    List<String> faults = new ArrayList<>();
    expect(faults, "uid", Integer.toString(account.uid()));
    expect(faults, "gid", Integer.toString(account.gid()));
    expect(faults, "NoNewPrivs", "1");
    for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
      expect(faults, set, "0000000000000000");
    }
    for (String entry : all("entry")) {
      if (!ENTRIES.contains(entry)) {
        faults.add("/" + entry + " is seen");
      }
    }
    all("tmp").forEach(entry -> faults.add("/tmp/" + entry + " is seen"));
    all("outside").forEach(path -> faults.add(path + " is seen"));
    if (all("process").size() > PROCESSES) {
      faults.add("other processes are seen");
    }
    for (String name : all("interface")) {
      if (!name.equals("lo")) {
        faults.add("network interface " + name + " is seen");
      }
    }
    for (String path : all("writable")) {
      if (!WRITABLE.contains(path)) {
        faults.add(path + " is writable");
      }
    }
    for (String path : WRITABLE) {
      if (!all("writable").contains(path)) {
        faults.add(path + " is not writable");
      }
    }
    return faults;
  }

  private void expect(List<String> faults, String kind, String value) {
    if (!all(kind).equals(List.of(value))) {
      faults.add("%s is %s instead of %s".formatted(kind, all(kind), value));
    }
  }

  private List<String> all(String kind) {
    return facts.getOrDefault(kind, List.of());
  }
}
