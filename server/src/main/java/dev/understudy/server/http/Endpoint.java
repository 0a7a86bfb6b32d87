package dev.understudy.server.http;

/** Answers the requests of one route. Called by a thread of its own for each, which may block. */
@FunctionalInterface
public interface Endpoint {
  /**
   * The answer.
   *
   * @throws dev.understudy.server.operate.OperationException with the reason why there is none
   */
  Reply answer(Call call) throws Exception;
}
