package dev.understudy.cloner.dump;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who runs servers for others, and what is theirs on such a server: told by a role that nobody else
 * has. Names are whole, or end with a {@code *} for what follows.
 */
enum Provider {
  AMAZON(
      Set.of("rdsadmin"),
      List.of(
          "rdsadmin", "rds_*", "rdsproxyadmin", "rdsrepladmin", "rdstopmgr", "rdswriteforwarduser"),
      List.of("apg_*", "aurora_*", "aws_*", "log_fdw", "rds_*", "rdsutils"),
      List.of("rdsadmin")),
  GOOGLE(
      Set.of("cloudsqladmin", "cloudsqlsuperuser", "alloydbadmin", "alloydbsuperuser"),
      List.of("alloydb*", "cloudsql*"),
      List.of("alloydb_*", "google_*"),
      List.of("alloydbadmin", "alloydbmetadata", "cloudsqladmin")),
  AZURE(
      Set.of("azure_pg_admin", "azuresu"),
      List.of("azure_*", "azuresu"),
      List.of("azure*", "pg_azure_*", "pgaadauth"),
      List.of("azure_maintenance", "azure_sys")),
  SUPABASE(
      Set.of("supabase_admin"),
      List.of("supabase_*"),
      List.of("pg_graphql", "pgjwt", "pg_net", "pgsodium", "supabase_*", "wrappers"),
      List.of()),
  NEON(Set.of("neon_superuser"), List.of("neon_*", "cloud_admin"), List.of("neon*"), List.of());

  private final Set<String> marks;
  private final List<String> roles;
  private final List<String> extensions;
  private final List<String> databases;

  Provider(Set<String> marks, List<String> roles, List<String> extensions, List<String> databases) {
    this.marks = marks;
    this.roles = roles;
    this.extensions = extensions;
    this.databases = databases;
  }

  /** Those of which a mark is among the roles. */
  static Stream<Provider> of(Set<String> roles) {
    return Stream.of(values())
        .filter(provider -> provider.marks.stream().anyMatch(roles::contains));
  }

  boolean ownsRole(String name) {
    return matches(roles, name);
  }

  boolean ownsExtension(String name) {
    return matches(extensions, name);
  }

  boolean ownsDatabase(String name) {
    return databases.contains(name);
  }

  private static boolean matches(List<String> patterns, String name) {
    return patterns.stream()
        .anyMatch(pattern ->
            pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern));
  }
}
