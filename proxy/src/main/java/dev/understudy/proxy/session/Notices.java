package dev.understudy.proxy.session;

import dev.understudy.protocol.backend.NoticeResponse;
import dev.understudy.proxy.environment.Notice;
import dev.understudy.proxy.transport.Channels;
import io.netty.channel.Channel;
import java.util.List;

/** What a client hears before its session begins, apart from errors. */
final class Notices {
  private Notices() {}

  static void sendStillMade(Channel client, String environment) {
    NoticeResponse waiting =
        NoticeResponse.notice(
            "environment \"" + environment + "\" is being made ready",
            null,
            "This takes longer than usual; the connection goes on by itself.");
    Channels.writeAndFlush(client, Channels.encode(client, waiting::encode));
  }

  /** Not flushed: ReadyForQuery follows. */
  static void write(Channel client, List<Notice> notices) {
    for (Notice notice : notices) {
      NoticeResponse response =
          NoticeResponse.notice(notice.message(), notice.detail(), notice.hint());
      Channels.write(client, Channels.encode(client, response::encode));
    }
  }
}
