/** PostgreSQL frontend/backend protocol 3.0 and 3.2: messages, named as the manual names them. */
@NullMarked
package dev.understudy.protocol;

import org.jspecify.annotations.NullMarked;
