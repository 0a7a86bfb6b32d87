package dev.understudy.protocol.frontend;

/** A message of a client that has logged in, of those that need no COPY and no function call. */
public sealed interface FrontendMessage
    permits Query, Parse, Bind, Describe, Execute, Close, FrontendMessage.Simple {

  /** Messages that say all by their type. */
  enum Simple implements FrontendMessage {
    /** The end of a pipeline: errors before it are over, and ReadyForQuery is due. */
    SYNC,
    /** What has been answered so far is to be sent. */
    FLUSH,
    /** The client leaves. */
    TERMINATE
  }
}
