package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that is generated from the document that a daemon serves drives the whole life of an
 * environment, by {@code drivers/java/ApiWalk.java}. The generator is large, and so this runs only
 * when it is named; {@code .ci/full drivers} fetches it and does so.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GeneratedClient {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final Path WALKS = Path.of("drivers", "java").toAbsolutePath();
  private static final String GENERATOR = "target/openapi-generator/*";
  private static final String LIBRARIES = "target/openapi-client/*";

  @TempDir private Path directory;

  @Test
  void drivesTheWholeLifeOfAnEnvironment() throws Exception {
    try (Shop shop =
        Shop.open(
            Installations.embedded(),
            null,
            "\"pr-*\" { source = prod, database = shop }",
            "http.port = 0")) {
      Path document = directory.resolve("openapi.json");
      try (InputStream in = URI.create(shop.httpAddress() + "/openapi.json").toURL().openStream()) {
        Files.copy(in, document);
      }
      String generated =
          run(
              Map.of(),
              "-XX:TieredStopAtLevel=1",
              "--class-path",
              GENERATOR,
              "org.openapitools.codegen.OpenAPIGenerator",
              "generate",
              "--input-spec",
              document.toString(),
              "--generator-name",
              "java",
              "--library",
              "native",
              "--output",
              directory.resolve("client").toString(),
              "--global-property",
              "apis,models,supportingFiles,apiDocs=false,modelDocs=false,apiTests=false,"
                  + "modelTests=false",
              "--additional-properties",
              "apiPackage=dev.understudy.api,modelPackage=dev.understudy.api.model,"
                  + "invokerPackage=dev.understudy.api.invoker,useJakartaEe=true");
      // What it does not understand it says, and generates something all the same.
      assertThat(generated.lines())
          .filteredOn(line -> line.contains(" WARN ") || line.contains(" ERROR "))
          .allMatch(line -> line.contains("OpenAPI 3.1 support is still in beta"));
      Path classes = compile(directory.resolve("client/src/main/java"));

      String walked =
          run(
              Map.of(
                  "HOST",
                  "127.0.0.1",
                  "PORT",
                  Integer.toString(shop.daemon().port()),
                  "LOGIN",
                  "app",
                  "PASSWORD",
                  Shop.PASSWORD,
                  "DATABASE",
                  "shop",
                  "ENVIRONMENT",
                  "pr-api",
                  "NAP",
                  "pr-nap",
                  "URL",
                  shop.httpAddress(),
                  "TOKEN",
                  shop.httpToken()),
              "-XX:TieredStopAtLevel=1",
              "--class-path",
              LIBRARIES + ":" + classes,
              "ApiWalk.java");
      assertThat(walked).contains("ok refusals");
    }
  }

  private Path compile(Path sources) throws Exception {
    Path classes = directory.resolve("classes");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> all = Files.walk(sources);
        Stream<Path> libraries = Files.list(WALKS.resolve("target/openapi-client"))) {
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, libraries.toList());
      List<Path> java = all.filter(file -> file.toString().endsWith(".java")).toList();
      boolean compiled =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  List.of("-proc:none", "-d", classes.toString()),
                  null,
                  files.getJavaFileObjectsFromPaths(java))
              .call();
      assertThat(compiled).as(said.toString()).isTrue();
    }
    return classes;
  }

  /** What a program of Java prints, which has to succeed. */
  private static String run(Map<String, String> variables, String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(Stream.of(JAVA.toString()), Stream.of(arguments)).toList())
            .directory(WALKS.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
