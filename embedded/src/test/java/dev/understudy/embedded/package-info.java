@NullMarked
package dev.understudy.embedded;

import org.jspecify.annotations.NullMarked;
