/** What this host can and cannot do. */
@NullMarked
package dev.understudy.server.doctor;

import org.jspecify.annotations.NullMarked;
