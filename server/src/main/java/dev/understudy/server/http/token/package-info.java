/** Bearer tokens, and who shows them. */
@NullMarked
package dev.understudy.server.http.token;

import org.jspecify.annotations.NullMarked;
