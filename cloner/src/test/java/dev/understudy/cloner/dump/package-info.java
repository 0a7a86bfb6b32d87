@NullMarked
package dev.understudy.cloner.dump;

import org.jspecify.annotations.NullMarked;
