/** Names of environments from what people and build servers call their work. */
@NullMarked
package dev.understudy.server.name;

import org.jspecify.annotations.NullMarked;
