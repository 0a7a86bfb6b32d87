/** Clones that are made and started before anybody asks for one. */
@NullMarked
package dev.understudy.cloner.spare;

import org.jspecify.annotations.NullMarked;
