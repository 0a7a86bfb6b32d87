package dev.understudy.server.doctor;

import java.io.IOException;
import java.util.List;

/** Looks at one side of the host. Changes nothing. */
interface Examination {
  List<Finding> examine() throws IOException, InterruptedException;
}
