/** Whether the event loops come to do what is due, and what their buffers take. */
@NullMarked
package dev.understudy.proxy.health;

import org.jspecify.annotations.NullMarked;
