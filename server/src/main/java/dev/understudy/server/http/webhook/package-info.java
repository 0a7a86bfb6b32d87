/** Deliveries of GitHub and GitLab. */
@NullMarked
package dev.understudy.server.http.webhook;

import org.jspecify.annotations.NullMarked;
