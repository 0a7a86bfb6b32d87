/** What idle means, and how a server is asked. */
@NullMarked
package dev.understudy.cloner.idle;

import org.jspecify.annotations.NullMarked;
