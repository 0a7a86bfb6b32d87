/** Operations under way, for those who do not wait for their end. */
@NullMarked
package dev.understudy.server.http.task;

import org.jspecify.annotations.NullMarked;
