package dev.understudy.proxy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.backend.Acknowledgement;
import dev.understudy.protocol.backend.CommandComplete;
import dev.understudy.protocol.backend.DataRow;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.backend.NoticeResponse;
import dev.understudy.protocol.backend.ParameterDescription;
import dev.understudy.protocol.backend.ReadyForQuery;
import dev.understudy.protocol.backend.ReadyForQuery.TransactionStatus;
import dev.understudy.protocol.backend.RowDescription;
import dev.understudy.protocol.backend.ServerMessage;
import dev.understudy.protocol.frontend.Bind;
import dev.understudy.protocol.frontend.Close;
import dev.understudy.protocol.frontend.Describe;
import dev.understudy.protocol.frontend.Execute;
import dev.understudy.protocol.frontend.FrontendMessage;
import dev.understudy.protocol.frontend.Parse;
import dev.understudy.protocol.frontend.Query;
import dev.understudy.protocol.frontend.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsoleSessionTest {
  private static final ServerMessage READY = new ReadyForQuery(TransactionStatus.IDLE);
  private static final List<Column> COLUMNS = List.of(Column.text("name"), Column.number("n"));
  private static final RowDescription DESCRIPTION =
      new RowDescription(
          List.of(
              new RowDescription.Field("name", 25, -1, false),
              new RowDescription.Field("n", 20, 8, false)));

  private final List<ServerMessage> sent = new ArrayList<>();
  private final Queue<Runnable> turns = new ArrayDeque<>();
  private CompletableFuture<ConsoleResult> slow = new CompletableFuture<>();
  private CompletableFuture<@Nullable Void> room = CompletableFuture.completedFuture(null);
  private final Parameters parameters = new Parameters("alice");
  private final PreparedStatements prepared = new PreparedStatements();
  private final ConsoleSession session =
      new ConsoleSession(
          this::command,
          new DriverStatements(parameters, new SelectList("alice", 1, parameters), prepared),
          prepared,
          turns::add,
          sent::add,
          () -> room);

  private ConsoleStatement command(String text) {
    return switch (text) {
      case "SHOW TWO" ->
          new Immediate(
              COLUMNS,
              () ->
                  new ConsoleResult(
                      "SHOW", List.of(ConsoleResult.row("a", 1L), ConsoleResult.row(null, 2L))));
      case "DO SLOW" -> new Slow(slow);
      default -> throw new ConsoleException("42601", "syntax error", null, "Ask for help.");
    };
  }

  private record Slow(CompletableFuture<ConsoleResult> execute) implements ConsoleStatement {
    @Override
    public List<Column> columns() {
      return List.of();
    }
  }

  @Test
  void answersTheSimpleProtocol() {
    assertThat(answers(new Query("SHOW TWO; SET a = 1")))
        .containsExactly(
            DESCRIPTION,
            row("a", "1"),
            row(null, "2"),
            new CommandComplete("SHOW"),
            new CommandComplete("SET"),
            READY);
    assertThat(answers(new Query(" -- nothing")))
        .containsExactly(Acknowledgement.EMPTY_QUERY_RESPONSE, READY);
  }

  @Test
  void runsTheNextStatementOfATextWhenTheClientTakesMore() {
    room = new CompletableFuture<>();
    CompletionStage<@Nullable Void> answered = session.accept(new Query("SET a = 1; SET b = 2"));
    assertThat(sent).containsExactly(new CommandComplete("SET"));

    CompletableFuture<@Nullable Void> taken = room;
    room = CompletableFuture.completedFuture(null);
    taken.complete(null);

    assertThat(answered.toCompletableFuture()).isCompleted();
    assertThat(sent).containsExactly(new CommandComplete("SET"), new CommandComplete("SET"), READY);
  }

  @Test
  void anErrorEndsTheTextAndNotTheSession() {
    assertThat(answers(new Query("SHOW TWO; nonsense; SHOW TWO")))
        .containsExactly(
            DESCRIPTION,
            row("a", "1"),
            row(null, "2"),
            new CommandComplete("SHOW"),
            ErrorResponse.error("42601", "syntax error", null, "Ask for help."),
            READY);
    assertThat(answers(new Query("BEGIN; nonsense")))
        .last()
        .isEqualTo(new ReadyForQuery(TransactionStatus.FAILED_TRANSACTION));
    assertThat(answers(new Query("ROLLBACK"))).last().isEqualTo(READY);
    assertThat(answers(new Query("'"))).last().isEqualTo(READY);
  }

  @Test
  void answersTheExtendedProtocol() {
    assertThat(
            answers(
                new Parse("s", "SHOW TWO"),
                new Describe(Target.STATEMENT, "s"),
                new Bind("", "s", 0, List.of(0, 1)),
                new Describe(Target.PORTAL, ""),
                new Execute("", 1),
                new Execute("", 0),
                new Close(Target.STATEMENT, "s"),
                FrontendMessage.Simple.SYNC))
        .containsExactly(
            Acknowledgement.PARSE_COMPLETE,
            new ParameterDescription(List.of()),
            DESCRIPTION,
            Acknowledgement.BIND_COMPLETE,
            new RowDescription(
                List.of(
                    new RowDescription.Field("name", 25, -1, false),
                    new RowDescription.Field("n", 20, 8, true))),
            new DataRow(List.of(Bytes.utf8("a"), Bytes.of(new byte[] {0, 0, 0, 0, 0, 0, 0, 1}))),
            Acknowledgement.PORTAL_SUSPENDED,
            new DataRow(Arrays.asList(null, Bytes.of(new byte[] {0, 0, 0, 0, 0, 0, 0, 2}))),
            new CommandComplete("SHOW"),
            Acknowledgement.CLOSE_COMPLETE,
            READY);
  }

  @Test
  void skipsToTheNextSyncAfterAnError() {
    assertThat(
            answers(
                new Parse("", "nonsense"),
                new Bind("", "", 0, List.of()),
                new Execute("", 0),
                FrontendMessage.Simple.SYNC))
        .extracting(ServerMessage::type)
        .containsExactly((byte) 'E', (byte) 'Z');
    assertThat(answers(new Parse("", ""), new Bind("", "", 0, List.of()), new Execute("", 0)))
        .endsWith(Acknowledgement.EMPTY_QUERY_RESPONSE);
  }

  @Test
  void refusesWhatIsNotThere() {
    assertThat(error(new Bind("", "gone", 0, List.of()))).isEqualTo("26000");
    assertThat(error(new Execute("gone", 0))).isEqualTo("34000");
    assertThat(error(new Parse("", "SHOW TWO; SHOW TWO"))).isEqualTo("42601");
    session.accept(new Parse("s", "SHOW TWO"));
    assertThat(error(new Parse("s", "SHOW TWO"))).isEqualTo("42P05");
    assertThat(error(new Bind("", "s", 1, List.of()))).isEqualTo("08P01");
    assertThat(error(new Bind("", "s", 0, List.of(1, 1, 1)))).isEqualTo("08P01");
    session.accept(new Bind("p", "s", 0, List.of()));
    session.accept(FrontendMessage.Simple.SYNC);
    assertThat(error(new Execute("p", 0))).isEqualTo("34000");
  }

  /** As pgcli and GUIs do, with parameters of whatever type. */
  @Test
  void answersQueriesOfTheCatalogsWithParameters() {
    assertThat(
            answers(
                new Parse(
                    "",
                    "SELECT c.relname FROM pg_class c WHERE c.relkind = ANY($1)",
                    List.of(1009)),
                new Describe(Target.STATEMENT, ""),
                new Bind("", "", 1, List.of()),
                new Execute("", 0),
                FrontendMessage.Simple.SYNC))
        .contains(
            new ParameterDescription(List.of(1009)),
            new RowDescription(List.of(new RowDescription.Field("relname", 25, -1, false))),
            new CommandComplete("SELECT 0"))
        .noneMatch(ErrorResponse.class::isInstance)
        .endsWith(READY);
    assertThat(answers(new Query("SELECT relname FROM pg_catalog.pg_class")))
        .first()
        .isInstanceOfSatisfying(
            NoticeResponse.class, notice -> assertThat(notice.message()).contains("no tables"));
  }

  @Test
  void boundsWhatASessionHolds() {
    for (int i = 0; i < PreparedStatements.MOST; i++) {
      session.accept(new Parse("s" + i, "SHOW TWO"));
    }
    assertThat(error(new Parse("more", "SHOW TWO"))).isEqualTo("53400");
    answers(new Query("DEALLOCATE s1"));
    assertThat(answers(new Parse("more", "SHOW TWO")))
        .containsExactly(Acknowledgement.PARSE_COMPLETE);
    answers(new Query("BEGIN"));
    for (int i = 0; i < 100; i++) {
      session.accept(new Bind("p" + i, "more", 0, List.of()));
    }
    assertThat(error(new Bind("p100", "more", 0, List.of()))).isEqualTo("53400");
    answers(new Query("ROLLBACK; DISCARD ALL"));
    assertThat(error(new Bind("", "more", 0, List.of()))).isEqualTo("26000");
  }

  @Test
  void boundsTheTextThatASessionHolds() {
    String half = "SHOW TWO" + " ".repeat(PreparedStatements.MOST_CHARACTERS / 2);
    String longName = "n".repeat(10_000);
    session.accept(new Parse("s1", half));
    assertThat(error(new Parse("s2", half))).isEqualTo("53400");
    answers(new Query("DEALLOCATE s1"));
    assertThat(answers(new Parse("s2", half))).containsExactly(Acknowledgement.PARSE_COMPLETE);
    assertThat(error(new Bind(longName, "s2", 0, List.of()))).isEqualTo("42622");
    answers(new Query("DEALLOCATE ALL"));
    assertThat(answers(new Parse("s3", half))).containsExactly(Acknowledgement.PARSE_COMPLETE);
    answers(new Query("DEALLOCATE ALL"));
    // The unnamed one takes the place of the last, and its room.
    assertThat(answers(new Parse("", half))).containsExactly(Acknowledgement.PARSE_COMPLETE);
    assertThat(answers(new Parse("", half))).containsExactly(Acknowledgement.PARSE_COMPLETE);
  }

  /** On its own thread, whoever completes the command. */
  @Test
  void waitsForACommand() {
    CompletionStage<?> answered = session.accept(new Query("DO SLOW; SHOW TWO"));
    slow.complete(ConsoleResult.done("DO"));
    assertThat(sent).isEmpty();

    turns.remove().run();

    assertThat(answered.toCompletableFuture()).isDone();
    assertThat(sent).startsWith(new CommandComplete("DO"), DESCRIPTION).endsWith(READY);
  }

  @Test
  void anErrorBehindACommandThatWasWaitedForEndsTheText() {
    CompletionStage<?> answered = session.accept(new Query("DO SLOW; nonsense; SHOW TWO"));
    slow.complete(ConsoleResult.done("DO"));

    turns.remove().run();

    assertThat(answered.toCompletableFuture()).isCompleted();
    assertThat(sent)
        .containsExactly(
            new CommandComplete("DO"),
            ErrorResponse.error("42601", "syntax error", null, "Ask for help."),
            READY);
  }

  @Test
  void tellsWhyACommandFailed() {
    slow.completeExceptionally(new ConsoleException("58000", "no", null, null));
    assertThat(answers(new Query("DO SLOW")))
        .containsExactly(ErrorResponse.error("58000", "no", null, null), READY);

    slow = new CompletableFuture<>();
    sent.clear();
    CompletionStage<?> answered = session.accept(new Query("DO SLOW"));
    slow.completeExceptionally(
        new CompletionException(new ConsoleException("58000", "later", null, null)));
    turns.remove().run();
    assertThat(answered.toCompletableFuture()).isDone();
    assertThat(sent).containsExactly(ErrorResponse.error("58000", "later", null, null), READY);

    slow = CompletableFuture.failedFuture(new IllegalStateException("ours"));
    assertThat(session.accept(new Query("DO SLOW")).toCompletableFuture())
        .isCompletedExceptionally();
  }

  private List<ServerMessage> answers(FrontendMessage... messages) {
    sent.clear();
    for (FrontendMessage message : messages) {
      assertThat(session.accept(message).toCompletableFuture()).isCompleted();
    }
    return sent;
  }

  private String error(FrontendMessage message) {
    List<ServerMessage> answers = answers(message, FrontendMessage.Simple.SYNC);
    return String.valueOf(((ErrorResponse) answers.getFirst()).sqlState());
  }

  private static DataRow row(@Nullable String name, String number) {
    return new DataRow(Arrays.asList(name == null ? null : Bytes.utf8(name), Bytes.utf8(number)));
  }
}
