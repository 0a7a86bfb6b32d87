import dev.understudy.api.DaemonApi;
import dev.understudy.api.EnvironmentsApi;
import dev.understudy.api.SourcesApi;
import dev.understudy.api.TasksApi;
import dev.understudy.api.invoker.ApiClient;
import dev.understudy.api.invoker.ApiException;
import dev.understudy.api.invoker.ApiResponse;
import dev.understudy.api.model.About;
import dev.understudy.api.model.Create;
import dev.understudy.api.model.Environment;
import dev.understudy.api.model.Environments;
import dev.understudy.api.model.Extend;
import dev.understudy.api.model.Force;
import dev.understudy.api.model.Label;
import dev.understudy.api.model.Origin;
import dev.understudy.api.model.Problem;
import dev.understudy.api.model.Snapshot;
import dev.understudy.api.model.Source;
import dev.understudy.api.model.Task;
import dev.understudy.api.model.Token;
import dev.understudy.api.model.Trashed;
import dev.understudy.api.model.Undrop;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A client that openapi-generator has made of /openapi.json, through the life of an environment.
 * ../README.md has the variables; URL is that of the HTTP API here.
 */
final class ApiWalk {
  private static final String BRANCH = Walk.ENVIRONMENT + "-branch";
  private static final String BACK = Walk.ENVIRONMENT + "-back";
  private static final String OLDER = Walk.ENVIRONMENT + "-older";
  private static final Force FORCE = new Force().force(true);

  private static final ApiClient CLIENT = client(System.getenv("TOKEN"));
  private static final DaemonApi DAEMON = new DaemonApi(CLIENT);
  private static final EnvironmentsApi ENVIRONMENTS = new EnvironmentsApi(CLIENT);
  private static final SourcesApi SOURCES = new SourcesApi(CLIENT);
  private static final TasksApi TASKS = new TasksApi(CLIENT);

  public static void main(String[] args) {
    Walk.step("the daemon", ApiWalk::daemon);
    Walk.step("create", ApiWalk::create);
    Walk.step("show", ApiWalk::show);
    Walk.step("connect", ApiWalk::connect);
    Walk.step("label", ApiWalk::label);
    Walk.step("suspend and wake", ApiWalk::suspendAndWake);
    Walk.step("protect and unprotect", ApiWalk::protectAndUnprotect);
    Walk.step("extend", ApiWalk::extend);
    Walk.step("branch", ApiWalk::branch);
    Walk.step("reset and refresh", ApiWalk::resetAndRefresh);
    Walk.step("snapshots", ApiWalk::snapshots);
    Walk.step("tasks", ApiWalk::tasks);
    Walk.step("drop and undrop", ApiWalk::dropAndUndrop);
    Walk.step("refusals", ApiWalk::refusals);
  }

  private static ApiClient client(String token) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(Walk.URL);
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    return client;
  }

  private static void daemon() throws Exception {
    Walk.same("alive", DAEMON.getHealth().getStatus().getValue());
    Walk.same("ready", DAEMON.getReadiness().getStatus().getValue());
    About about = DAEMON.getAbout();
    Walk.same(Token.RoleEnum.ADMINISTRATOR, about.getToken().getRole());
    holds("patterns", about.getPatterns().contains("pr-*"));
    holds("metrics", DAEMON.getMetrics().contains("# TYPE"));
    Walk.same(List.of(), DAEMON.reload().getWaiting());
  }

  private static void create() throws Exception {
    Create create = new Create().name(Walk.ENVIRONMENT).label("of a generated client");
    ApiResponse<Environment> made = ENVIRONMENTS.createEnvironmentWithHttpInfo(create, null);
    Walk.same(201, made.getStatusCode());
    Walk.same(Environment.StateEnum.RUNNING, made.getData().getState());
    Walk.same("of a generated client", made.getData().getLabel());
    Walk.same("administrator", made.getData().getOwner());
    ApiResponse<Environment> again = ENVIRONMENTS.createEnvironmentWithHttpInfo(create, null);
    Walk.same(200, again.getStatusCode());
    Walk.same(made.getData().getClone(), again.getData().getClone());
  }

  private static void show() throws Exception {
    Environment plain = ENVIRONMENTS.getEnvironment(Walk.ENVIRONMENT, null);
    Walk.same(null, plain.getStorage());
    Walk.same(null, plain.getKeptUntil());
    holds("data time", plain.getDataTime().isBefore(OffsetDateTime.now()));
    Environment measured = ENVIRONMENTS.getEnvironment(Walk.ENVIRONMENT, true);
    holds("bytes", measured.getStorage().getPrivateBytes() > 0);
    Environments list = ENVIRONMENTS.listEnvironments(1, null, null);
    Walk.same(1, list.getItems().size());
    Walk.same(null, list.getNextCursor());
    Walk.same(plain.getClone(), ENVIRONMENTS.listClones(null, null).getItems().get(0).getId());
    Walk.same(Walk.ENVIRONMENT, ENVIRONMENTS.getLog(Walk.ENVIRONMENT, 5).getEnvironment());
  }

  private static void connect() throws Exception {
    Walk.same("1000", ask(Walk.ENVIRONMENT, "SELECT count(*) FROM customer"));
    ask(Walk.ENVIRONMENT, "DELETE FROM customer WHERE id > 10 RETURNING id");
  }

  private static void label() throws Exception {
    Label label = new Label().label("of QA");
    Walk.same("of QA", ENVIRONMENTS.labelEnvironment(Walk.ENVIRONMENT, label, null).getLabel());
    Label none = new Label().label(null);
    Walk.same(null, ENVIRONMENTS.labelEnvironment(Walk.ENVIRONMENT, none, null).getLabel());
  }

  private static void suspendAndWake() throws Exception {
    Walk.same(
        Environment.StateEnum.SUSPENDED,
        ENVIRONMENTS.suspendEnvironment(Walk.ENVIRONMENT, null, FORCE).getState());
    Walk.same(
        Environment.StateEnum.RUNNING,
        ENVIRONMENTS.resumeEnvironment(Walk.ENVIRONMENT, null).getState());
    Walk.same("10", ask(Walk.ENVIRONMENT, "SELECT count(*) FROM customer"));
  }

  private static void protectAndUnprotect() throws Exception {
    Environment kept = ENVIRONMENTS.protectEnvironment(Walk.ENVIRONMENT, null);
    Walk.same(true, kept.getProtected());
    Walk.same(null, kept.getIdleDropAt());
    Environment loose = ENVIRONMENTS.unprotectEnvironment(Walk.ENVIRONMENT, null);
    Walk.same(false, loose.getProtected());
    holds("drop of an idle one", loose.getIdleDropAt().isAfter(OffsetDateTime.now()));
  }

  private static void extend() throws Exception {
    Extend twoDays = new Extend().by("2 days");
    OffsetDateTime until =
        ENVIRONMENTS.extendEnvironment(Walk.ENVIRONMENT, twoDays, null).getKeptUntil();
    holds("two days", until.isAfter(OffsetDateTime.now().plusHours(47)));
  }

  private static void branch() throws Exception {
    Create create = new Create().name(BRANCH).from(new Origin().environment(Walk.ENVIRONMENT));
    ENVIRONMENTS.createEnvironment(create, null);
    Walk.same("10", ask(BRANCH, "SELECT count(*) FROM customer"));
  }

  private static void resetAndRefresh() throws Exception {
    Environment before = ENVIRONMENTS.getEnvironment(Walk.ENVIRONMENT, null);
    Environment reset = ENVIRONMENTS.resetEnvironment(Walk.ENVIRONMENT, null, FORCE);
    holds("another clone", !before.getClone().equals(reset.getClone()));
    Walk.same(before.getSnapshot(), reset.getSnapshot());
    Walk.same("1000", ask(Walk.ENVIRONMENT, "SELECT count(*) FROM customer"));
    Environment refreshed = ENVIRONMENTS.refreshEnvironment(Walk.ENVIRONMENT, null, FORCE);
    holds("yet another", !reset.getClone().equals(refreshed.getClone()));
  }

  private static void snapshots() throws Exception {
    Source source = SOURCES.listSources(null, null).getItems().get(0);
    Walk.same("directory", source.getType().getValue());
    Walk.same(null, source.getLagBytes());
    Snapshot cut = SOURCES.cutSnapshot(source.getName(), "wait=300");
    List<Snapshot> all = SOURCES.listSnapshots(null, null, source.getName()).getItems();
    Walk.same(cut.getId(), all.get(0).getId());
    holds("databases", cut.getDatabases().contains(Walk.DATABASE));
    String older = all.get(all.size() - 1).getId();
    ENVIRONMENTS.createEnvironment(
        new Create().name(OLDER).from(new Origin().snapshot(older)), null);
    Walk.same(older, ENVIRONMENTS.getEnvironment(OLDER, null).getSnapshot());
    Walk.same(
        cut.getId(),
        ENVIRONMENTS.refreshEnvironment(OLDER, null, new Force().force(false)).getSnapshot());
    Walk.same(cut.getDataTime(), SOURCES.getSource(source.getName()).getDataTime());
  }

  /** Not to wait: the answer is a task then, which the status tells. */
  private static void tasks() throws Exception {
    ApiResponse<Environment> begun =
        ENVIRONMENTS.createEnvironmentWithHttpInfo(
            new Create().name(Walk.NAP), "respond-async, wait=0");
    Walk.same(202, begun.getStatusCode());
    String location = begun.getHeaders().get("location").get(0);
    String id = location.substring(location.lastIndexOf('/') + 1);
    Task task = TASKS.getTask(id);
    while (task.getState() == Task.StateEnum.RUNNING) {
      Thread.sleep(50);
      task = TASKS.getTask(id);
    }
    Walk.same(Task.StateEnum.DONE, task.getState());
    Walk.same("CREATE ENVIRONMENT", task.getOperation());
    Walk.same(null, task.getProblem());
    holds("listed", TASKS.listTasks(null, null).getItems().contains(task));
    Walk.same(Walk.NAP, ENVIRONMENTS.getEnvironment(Walk.NAP, null).getName());
  }

  private static void dropAndUndrop() throws Exception {
    for (String name : List.of(Walk.ENVIRONMENT, BRANCH, OLDER, Walk.NAP)) {
      ENVIRONMENTS.dropEnvironment(name, null);
    }
    Walk.same(List.of(), ENVIRONMENTS.listEnvironments(null, null, null).getItems());
    Trashed last = ENVIRONMENTS.listTrash(1, null).getItems().get(0);
    Walk.same(Walk.NAP, last.getName());
    Walk.same(Trashed.ReasonEnum.DROPPED, last.getReason());
    Environment back =
        ENVIRONMENTS.undropEnvironment(Walk.ENVIRONMENT, null, new Undrop().as(BACK));
    Walk.same(BACK, back.getName());
    ENVIRONMENTS.dropEnvironment(BACK, null);
  }

  private static void refusals() throws Exception {
    refused(404, "42704", () -> ENVIRONMENTS.getEnvironment(Walk.ENVIRONMENT, null));
    refused(400, "42602", () -> ENVIRONMENTS.createEnvironment(new Create().name("A b"), null));
    refused(404, "3D000", () -> ENVIRONMENTS.createEnvironment(new Create().name("no"), null));
    Extend never = new Extend().by("never");
    refused(400, "22007", () -> ENVIRONMENTS.extendEnvironment(Walk.ENVIRONMENT, never, null));
    EnvironmentsApi stranger = new EnvironmentsApi(client("a-token-that-nobody-knows"));
    refused(401, "28P01", () -> stranger.listEnvironments(null, null, null));
  }

  private static void refused(int status, String sqlState, Callable<?> request) throws Exception {
    ApiException refusal = Walk.fails(ApiException.class, request);
    Walk.same(status, refusal.getCode());
    Problem problem = CLIENT.getObjectMapper().readValue(refusal.getResponseBody(), Problem.class);
    Walk.same(sqlState, problem.getSqlstate());
    Walk.same(status, problem.getStatus());
  }

  /** By what the API says of how to connect. */
  private static String ask(String environment, String query) throws Exception {
    String url =
        ENVIRONMENTS
            .getUrls(environment, Walk.LOGIN, Walk.DATABASE, Walk.HOST)
            .getUrls()
            .get("jdbc");
    try (Connection connection = DriverManager.getConnection(url, Walk.LOGIN, Walk.PASSWORD);
        ResultSet result = connection.createStatement().executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }

  private static void holds(String what, boolean holds) {
    Walk.same(what + ": true", what + ": " + holds);
  }
}
