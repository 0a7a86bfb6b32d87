package dev.understudy.cloner.dump;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who runs servers for others, and what is theirs on such a server: told by a role that nobody else
 * has. Names are whole, or end with a {@code *} for what follows.
 *
 * @param marks roles
 * @param roles that are the provider's
 * @param extensions that only it has
 * @param databases that are its own
 */
record Provider(
    Set<String> marks, List<String> roles, List<String> extensions, List<String> databases) {
  private static final Provider AMAZON =
      new Provider(
          Set.of("rdsadmin"),
          List.of(
              "rdsadmin",
              "rds_*",
              "rdsproxyadmin",
              "rdsrepladmin",
              "rdstopmgr",
              "rdswriteforwarduser"),
          List.of("apg_*", "aurora_*", "aws_*", "log_fdw", "rds_*", "rdsutils"),
          List.of("rdsadmin"));

  private static final Provider GOOGLE =
      new Provider(
          Set.of("cloudsqladmin", "cloudsqlsuperuser", "alloydbadmin", "alloydbsuperuser"),
          List.of("alloydb*", "cloudsql*"),
          List.of("alloydb_*", "google_*"),
          List.of("alloydbadmin", "alloydbmetadata", "cloudsqladmin"));

  private static final Provider AZURE =
      new Provider(
          Set.of("azure_pg_admin", "azuresu"),
          List.of("azure_*", "azuresu"),
          List.of("azure*", "pg_azure_*", "pgaadauth"),
          List.of("azure_maintenance", "azure_sys"));

  private static final Provider SUPABASE =
      new Provider(
          Set.of("supabase_admin"),
          List.of("supabase_*"),
          List.of("pg_graphql", "pgjwt", "pg_net", "pgsodium", "supabase_*", "wrappers"),
          List.of());

  private static final Provider NEON =
      new Provider(
          Set.of("neon_superuser"), List.of("neon_*", "cloud_admin"), List.of("neon*"), List.of());

  Provider {
    marks = Set.copyOf(marks);
    roles = List.copyOf(roles);
    extensions = List.copyOf(extensions);
    databases = List.copyOf(databases);
  }

  /** Those of which a mark is among the roles. */
  static Stream<Provider> of(Set<String> roles) {
    return Stream.of(AMAZON, GOOGLE, AZURE, SUPABASE, NEON)
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
