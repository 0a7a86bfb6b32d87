/** What GitHub and GitLab tell of pull requests. */
@NullMarked
package dev.understudy.server.webhook;

import org.jspecify.annotations.NullMarked;
